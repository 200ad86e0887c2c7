import * as z from 'zod';
import { MaybeText, Texts } from './basics.ts';

const FoundJson = z.enum(['name', 'value', 'exclusive', 'reissue', 'never']).meta({
  description: 'how a credential is found again whose creation was never answered',
});
const CheckJson = z.enum(['free', 'accepted-only', 'counts-as-use', 'spends', 'none']).meta({
  description: 'what it does to a credential when its issuer is asked about its value',
});
const VerifiedJson = MaybeText.meta({
  description: 'what the requests were held against, and when; null for documentation only',
});

const IssuerRow = z.strictObject({
  id: z.string(),
  title: z.string(),
  docs: z.string(),
  found: FoundJson,
  check: CheckJson,
  verified: VerifiedJson,
});
export type IssuerRowJson = z.input<typeof IssuerRow>;

/** What `keyturn issuer list` prints. */
export const IssuersJson = z.strictObject({ issuers: z.array(IssuerRow).readonly() });
export type IssuersJson = z.input<typeof IssuersJson>;

const Seconds = z.number().nullable().meta({ description: 'in seconds; null where it is not documented' });

/** What `keyturn issuer show` prints. */
export const IssuerJson = z.strictObject({
  id: z.string(),
  title: z.string(),
  rotates: z.string(),
  docs: z.string(),
  slots: z.strictObject({
    count: z.union([z.number(), z.enum(['many', 'unknown'])]).meta({
      description: 'many: it names no limit; unknown: it has a limit and does not name it',
    }),
    names: Texts.nullable(),
    of: Texts,
    filledBy: z
      .array(z.enum(['expired', 'disabled']))
      .readonly()
      .nullable()
      .meta({ description: 'what else than active credentials it counts; null where not documented' }),
  }),
  value: z.enum(['issuer', 'keyturn', 'person']).meta({ description: 'who makes the value' }),
  found: FoundJson,
  check: CheckJson,
  counts: z
    .strictObject({ tested: z.string(), active: z.string(), revoked: z.string() })
    .meta({ description: 'what counts as that, in sentences' }),
  expiry: z.strictObject({
    settable: z.boolean(),
    step: z.enum(['none', 'day', 'second']),
    maxDays: z.number().nullable(),
  }),
  lastUsedEvery: z.number().nullable().meta({
    description: 'how exactly a last use is told, in seconds; null where it is not told',
  }),
  disables: z
    .boolean()
    .meta({ description: 'whether Keyturn disables a leaked credential first, which can be undone' }),
  lags: z.strictObject({
    accepted: Seconds,
    listed: Seconds,
    refused: Seconds,
    allowed: z.number().nullable().meta({
      description: 'what Keyturn allows for where a lag is not documented, in seconds',
    }),
  }),
  identifies: z.boolean().meta({ description: 'whether a value tells which credential it is' }),
  longestValue: z.number().nullable().meta({ description: 'in bytes; null where it is not documented' }),
  valueField: z.string(),
  companions: Texts,
  hosts: Texts,
  admin: z.strictObject({
    secret: z.string().meta({ description: 'the name of the admin secret, or how its name begins' }),
    leastRights: z.string(),
    example: z.record(z.string(), z.unknown()).meta({ description: 'its JSON, with placeholders' }),
    replacedBy: z.enum(['keyturn', 'person']),
  }),
  byPerson: z
    .strictObject({
      link: z.string(),
      scopedLink: MaybeText,
      steps: Texts,
      revocation: z
        .strictObject({ link: z.string(), steps: Texts })
        .nullable()
        .meta({ description: 'where and how a person revokes one; null where Keyturn does' }),
    })
    .nullable()
    .meta({ description: 'where and how a person creates a value; null where Keyturn or the issuer does' }),
  manualSteps: Texts,
  verified: VerifiedJson,
  sources: Texts,
  unconfirmed: Texts,
});
export type IssuerJson = z.input<typeof IssuerJson>;
