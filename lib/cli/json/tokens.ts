import * as z from 'zod';
import { Severity } from '../../../functions/core/findings/findings.ts';
import { PolicyInput } from '../../../functions/core/policy/policy-input.ts';
import { ConsumerJson, ReaderJson } from './consumers.ts';
import { MaybeText, MaybeTime, MaybeValidity, Texts } from './basics.ts';
import { FindingJson } from './findings.ts';
import { IncidentJson } from './leaks.ts';

/** The states of a token, in the words of `keyturn status`. */
const STATES = [
  'rejected',
  'expired',
  'secret unusable',
  'rotation failed',
  'rotation stuck',
  'no credential yet',
  'rotating',
  'rolling back',
  'revoking',
  'in grace period',
  'ok',
  'retiring',
  'retired',
  'detached',
] as const;
const State = z.enum(STATES);

/** One token, as `keyturn status` lists it. */
export const StatusRowJson = z.strictObject({
  id: z.string(),
  name: z.string(),
  issuer: z.string(),
  owner: z.string(),
  environment: z.string(),
  state: State,
  validity: MaybeValidity,
  issuedAt: MaybeTime.meta({
    description: 'birth of the current credential, or its promotion where the birth is unknown',
  }),
  expiresAt: MaybeTime,
  nextRotation: z.strictObject({ kind: z.enum(['at', 'under way', 'waiting', 'none']), at: MaybeTime }),
  worst: Severity.nullable().meta({ description: 'the worst severity among open findings' }),
  findings: z.array(FindingJson).readonly(),
});
export type StatusRowJson = z.input<typeof StatusRowJson>;

/** What `keyturn status` prints. */
export const StatusJson = z.strictObject({ tokens: z.array(StatusRowJson).readonly() });
export type StatusJson = z.input<typeof StatusJson>;

const Credential = z.strictObject({
  id: z.string(),
  handle: MaybeText,
  state: z.string(),
  origin: z.string(),
  issuedAt: MaybeTime,
  promotedAt: MaybeTime,
  supersededAt: MaybeTime,
  lastUsedAt: MaybeTime,
  expiresAt: MaybeTime,
  disabledAt: MaybeTime.meta({
    description: 'since when it is disabled at its issuer, which is not revoked',
  }),
  disabledUntil: MaybeTime.meta({ description: 'when a disabled one is revoked at the latest' }),
  revokedAt: MaybeTime,
  endedAt: MaybeTime,
  problem: MaybeText,
});

const Attempt = z.strictObject({
  id: z.string(),
  cause: z.string(),
  state: z.string(),
  openedAt: MaybeTime,
  deadline: MaybeTime,
  endedAt: MaybeTime,
});

/** All that is on record of one token. */
export const TokenJson = StatusRowJson.extend({
  secretArn: z.string(),
  purpose: z.string(),
  admin: MaybeText,
  scopes: Texts.nullable(),
  enrolledAt: MaybeTime,
  activeAt: MaybeTime.meta({ description: 'when the issuer last accepted it' }),
  lastCheck: z
    .strictObject({ at: MaybeTime, outcome: MaybeValidity.unwrap(), reason: MaybeText })
    .nullable()
    .meta({ description: 'the last question to the issuer, and why it gave no answer if it gave none' }),
  usedAt: MaybeTime.meta({ description: 'the last use by anybody but Keyturn, where the issuer tells' }),
  inspectedAt: MaybeTime,
  lastError: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  policy: PolicyInput,
  credentials: z.array(Credential).readonly(),
  attempts: z.array(Attempt).readonly(),
  incidents: z.array(IncidentJson).readonly(),
  agenda: z
    .array(z.strictObject({ kind: z.string(), at: MaybeTime, about: MaybeText }))
    .readonly()
    .meta({ description: 'what Keyturn will do by itself; a time that is over means at the next sweep' }),
});
export type TokenJson = z.input<typeof TokenJson>;

/** What `keyturn show TOKEN` prints. */
export const ShowJson = TokenJson.extend({
  consumers: z.array(ConsumerJson).readonly(),
  readers: z.array(ReaderJson).readonly().optional(),
});
export type ShowJson = z.input<typeof ShowJson>;

/** One entry of the history; `by` is for people, `byId` as AWS told it. */
const HistoryEntry = z.strictObject({
  at: MaybeTime,
  what: MaybeText,
  detail: MaybeText,
  by: MaybeText,
  byId: MaybeText,
  severity: MaybeText,
});
export type HistoryEntryJson = z.input<typeof HistoryEntry>;

/** What `keyturn history` prints, the latest entry first. */
export const HistoryJson = z.strictObject({ entries: z.array(HistoryEntry).readonly() });
export type HistoryJson = z.input<typeof HistoryJson>;

/** What `keyturn refresh` prints. */
export const RefreshJson = z.strictObject({
  id: z.string(),
  name: z.string(),
  inspectedAt: MaybeTime,
  state: State,
  validity: MaybeValidity.unwrap(),
  problem: MaybeText.meta({ description: 'why Keyturn cannot rotate it; null where it can' }),
  findings: z.array(FindingJson).readonly(),
  notJudged: Texts.meta({ description: 'kinds of open findings that this inspection did not judge again' }),
});
export type RefreshJson = z.input<typeof RefreshJson>;

/** What `keyturn detach --all` prints. */
export const DetachAllJson = z.strictObject({
  tokens: z
    .array(
      z.strictObject({
        name: z.string(),
        id: z.string(),
        outcome: z.enum(['asked', 'left out']),
        active: Texts.meta({ description: 'credentials that stay active at the issuer' }),
        why: MaybeText.meta({ description: 'why it is left out' }),
      }),
    )
    .readonly(),
});
export type DetachAllJson = z.input<typeof DetachAllJson>;
