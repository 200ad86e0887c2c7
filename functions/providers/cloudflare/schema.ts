import * as z from 'zod';
import { IsoInstant, Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({ token: AdminSecret });
export const Account = z.strictObject({
  account: z.string().regex(/^[0-9a-f]{32}$/, 'must be the id of an account: 32 hexadecimal digits'),
});

const Resources = z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())]));

/** A policy as Cloudflare takes it. */
const Policy = z.strictObject({
  effect: z.enum(['allow', 'deny']),
  permission_groups: z.array(z.strictObject({ id: z.string().min(1) })).min(1),
  resources: Resources,
});
export const Grant = z.strictObject({ policies: z.array(Policy).min(1) });
type Policies = z.infer<typeof Grant>['policies'];

/** Policies as words: one for each permission group on each resource. */
export function wordsOf(policies: Policies): string[] {
  return policies.flatMap(({ effect, permission_groups: groups, resources }) =>
    groups.flatMap(({ id }) =>
      Object.entries(resources).map(
        ([name, what]) => `${effect} ${id} ${name}=${typeof what === 'string' ? what : JSON.stringify(what)}`,
      ),
    ),
  );
}

const Token = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(['active', 'disabled', 'expired']),
  issued_on: IsoInstant,
  expires_on: IsoInstant.nullish(),
  policies: z.array(
    z.object({
      effect: z.enum(['allow', 'deny']),
      permission_groups: z.array(z.object({ id: z.string() })),
      resources: Resources,
    }),
  ),
});

const Entry = Token.transform((token) => ({
  id: token.id,
  name: token.name,
  state: token.status,
  createdAt: token.issued_on,
  expiresAt: token.expires_on ?? undefined,
  scopes: wordsOf(token.policies),
}));

const Succeeded = z.object({ success: z.literal(true) });

export const MadeToken = z
  .object({ result: z.object({ id: z.string().min(1), value: Value }) })
  .transform(({ result }) => result);

export const NewEntry = Succeeded.extend({ result: Entry }).transform(({ result }) => result);

/**
 * What an update takes back of a token: all that it can be given, and nothing that Cloudflare sets itself.
 * `condition` is kept as it is.
 */
export const WholeToken = Succeeded.extend({
  result: z.object({
    name: z.string(),
    policies: z.array(
      z.object({
        effect: z.enum(['allow', 'deny']),
        permission_groups: z.array(z.object({ id: z.string(), meta: z.unknown().optional() })),
        resources: Resources,
      }),
    ),
    condition: z.unknown().optional(),
    expires_on: z.string().nullish(),
    not_before: z.string().nullish(),
  }),
}).transform(({ result: { expires_on: end, not_before: begin, ...rest } }) => ({
  ...rest,
  ...(typeof end === 'string' && { expires_on: end }),
  ...(typeof begin === 'string' && { not_before: begin }),
}));

const Page = Succeeded.extend({
  result: z.array(Entry),
  result_info: z.object({ total_count: z.int().nonnegative() }),
});
export const TokenPage = Page.transform(({ result }) => result);
export const Total = Page.transform(({ result_info: info }) => info.total_count);

export const Deleted = Succeeded.extend({ result: z.object({ id: z.string() }) });

/** What Cloudflare says of the token that asks. */
export const Verified = Succeeded.extend({
  result: z.object({
    id: z.string(),
    status: z.enum(['active', 'disabled', 'expired']),
    expires_on: IsoInstant.nullish(),
  }),
});
