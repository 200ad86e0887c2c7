import * as z from 'zod';
import { Value } from '../declared/forms.ts';

const TokenEndpoint = z
  .string()
  .regex(
    /^\/oauth2\/[\w-]+\/v1\/token$/,
    'must be the path of a custom authorization server, such as /oauth2/default/v1/token',
  );

export const Grant = z.strictObject({
  /** Probe by asking for a token with these scopes, instead of by introspection. */
  scopes: z
    .array(z.string().regex(/^[!-~]+$/, 'must be one scope a text'))
    .min(1)
    .optional(),
  tokenEndpoint: TokenEndpoint.default('/oauth2/default/v1/token'),
});
export type Grant = z.infer<typeof Grant>;

const IsoInstant = z
  .string()
  .transform((text) => Date.parse(text))
  .pipe(z.number());

const Shown = z.object({
  id: z.string().min(1),
  status: z.enum(['ACTIVE', 'INACTIVE']),
  created: IsoInstant,
});

const entryOf = ({ id, status, created }: z.infer<typeof Shown>) => ({
  id,
  // It can be activated again ("Activate an OAuth 2.0 client secret"): disabled, not revoked.
  state: status === 'ACTIVE' ? ('active' as const) : ('disabled' as const),
  createdAt: created,
});

/** A client secret without its value, which answers hold and this schema drops. */
export const ClientSecret = Shown.transform(entryOf);

/** Okta's lists show values: for comparing with a value in hand, and for nothing else. */
export const ClientSecrets = z.array(
  Shown.extend({ client_secret: Value }).transform(({ client_secret: value, ...shown }) => ({
    ...entryOf(shown),
    value,
  })),
);
