import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import { Grants } from '../grant-of.ts';
import { AdminSecret, GrantedSecret } from '../grants.ts';
import { issuerRoot } from '../hosts.ts';

const ClientId = z.string().regex(/^[\w.:/@-]{1,255}$/, 'must be the Client ID of a client');

const Client = z.strictObject({ clientId: ClientId });

export const Grant = Client.extend({
  secret: GrantedSecret.refine(
    (name) => !name.endsWith('*'),
    'must be the exact name of one secret, since a client has one client secret',
  ),
  /** Clients that this secret's values were made for before. */
  formerly: z.array(Client).optional(),
});
export type Grant = z.infer<typeof Grant>;

/** Pages of Keycloak are below both, and people paste their addresses. */
const Root = issuerRoot('/admin').refine(
  (root) => !new URL(root).pathname.split('/').includes('realms'),
  'must end before /realms, which Keyturn adds itself',
);

/** The admin secret: a client of the realm that may manage clients, and what it is for. */
export const Admin = z.strictObject({
  url: Root,
  realm: z.string().regex(/^\w[\w.-]{0,254}$/, 'must be the name of a realm'),
  clientId: ClientId,
  clientSecret: AdminSecret,
  grants: Grants,
});
export type Admin = z.infer<typeof Admin>;

/** Clients as the Admin API lists them. */
export const Listed = z.array(
  z.object({
    id: z.string().regex(/^[\w.-]+$/),
    clientId: z.string(),
    publicClient: z.boolean(),
    bearerOnly: z.boolean(),
    clientAuthenticatorType: z.string(),
  }),
);
export type Listed = z.infer<typeof Listed>;

/** The new client secret. Keycloak names no client in this answer. */
export const Renewed = z.object({
  type: z.literal('secret'),
  value: z
    .string()
    .min(1)
    .transform((text) => new Secret(text)),
});

/** What introspection says of a text that is no token, to a client that it accepts. */
export const NoToken = z.strictObject({ active: z.literal(false) });

/** What it says to a client that it does not accept, for whatever reason. */
export const AuthenticationFailed = z.object({
  error: z.literal('invalid_request'),
  error_description: z.literal('Authentication failed.'),
});

/** What it says to a client that needs no client secret. */
export const NotAllowed = z.object({
  error: z.literal('invalid_request'),
  error_description: z.literal('Client not allowed.'),
});

const INVALID = 'Invalid client or Invalid client credentials';

/** What the token endpoint says of a client secret that is not the client's. */
export const WrongSecret = z.object({
  error: z.literal('unauthorized_client'),
  error_description: z.literal(INVALID),
});

/** And of a client that is disabled, or that the realm does not have. */
export const NoClient = z.object({
  error: z.literal('invalid_client'),
  error_description: z.literal(INVALID),
});
