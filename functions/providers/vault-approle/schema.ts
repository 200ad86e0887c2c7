import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import { DAY, SECOND, type Instant } from '../../core/basics/time.ts';
import { IsoInstant, UUID, Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

const NAMES = /^[\w-]+(\/[\w-]+)*$/;

/** Of Vault Enterprise, HCP Vault and OpenBao. Left out for the root. */
const Namespace = z.string().regex(NAMES, 'must be the path of a namespace, such as team/shop').optional();
/** Where the AppRole method is mounted, without `auth/`. */
const Mount = z.string().regex(NAMES, 'must be the path of a mount, such as approle').default('approle');
const RoleIdText = z.string().regex(/^[\w.-]{1,128}$/, 'must be the role_id of the role');

/**
 * The AppRole that makes, lists and destroys secret IDs. Its two fields are those of any secret ID, so that
 * it can be one that Keyturn rotates.
 */
export const Admin = z.strictObject({
  namespace: Namespace,
  mount: Mount,
  role_id: RoleIdText,
  secret_id: AdminSecret,
});
export type Admin = z.infer<typeof Admin>;

export const Role = z.strictObject({
  namespace: Namespace,
  mount: Mount,
  /** Vault writes names of roles in lower case (sdk/framework, GenericNameRegex). */
  role: z
    .string()
    .regex(/^[a-z0-9_]([a-z0-9_.-]{0,98}[a-z0-9_])?$/, 'must be the name of a role, in lower case'),
  roleId: RoleIdText,
});
/** An AppRole: what holds secret IDs. */
export type Role = z.infer<typeof Role>;

/** A grant limits nothing else: what a secret ID may do is its role's. */
export const Grant = z.strictObject({});

/** The whole of an accessor. */
export const ACCESSOR = new RegExp(`^${UUID.source}$`);

/** The key of the metadata under which the marker stands: few policies use one of that name. */
export const MARKED = 'keyturn';

/** The year 1 stands for "never" (Go's zero time). */
const Expiry = IsoInstant.transform((at): Instant | undefined => (at > 0 ? at : undefined));

/** What Vault shows of a secret ID, asked by its accessor or its value. */
export const Shown = z
  .object({
    data: z.object({
      secret_id_accessor: z.string().regex(ACCESSOR),
      creation_time: IsoInstant,
      expiration_time: Expiry,
      metadata: z.record(z.string(), z.string()).nullable(),
      cidr_list: z.array(z.string()).nullable(),
    }),
  })
  .transform(({ data }) => ({
    accessor: data.secret_id_accessor,
    name: data.metadata?.[MARKED],
    createdAt: data.creation_time,
    expiresAt: data.expiration_time,
    onlyFrom: data.cidr_list ?? [],
  }));
export type Shown = z.infer<typeof Shown>;

/** What counts of a creation: this arrived, so a secret ID is active. */
export const MadeSecretId = z
  .object({ data: z.object({ secret_id_accessor: z.string().regex(ACCESSOR), secret_id: Value }) })
  .transform(({ data }) => ({ accessor: data.secret_id_accessor, value: data.secret_id }));

/** The rest of the answer to a creation: 0 seconds are for ever, and 0 uses are without a limit. */
export const MadeFor = z
  .object({
    data: z.object({ secret_id_ttl: z.int().nonnegative(), secret_id_num_uses: z.int().nonnegative() }),
  })
  .transform(({ data }) => ({ seconds: data.secret_id_ttl, uses: data.secret_id_num_uses }));

export const Accessors = z
  .object({ data: z.object({ keys: z.array(z.string().regex(ACCESSOR)) }) })
  .transform(({ data }) => data.keys);

/** The answer, with status 404, to a list that holds nothing: an error without a word. */
export const NoneListed = z.strictObject({ errors: z.array(z.string()).length(0) });

/** The answer, with status 404, about an accessor that is gone. */
export const goneOf = (accessor: string) =>
  z.object({
    data: z.object({
      error: z.literal(`failed to find accessor entry for secret_id_accessor: "${accessor}"`),
    }),
  });

const Token = z
  .string()
  .min(1)
  .transform((text) => new Secret(text));

/** The token that a login made. Batch tokens cannot be revoked, and end by themselves. */
export const LoginToken = z
  .object({ auth: z.object({ client_token: Token, token_type: z.enum(['service', 'batch']) }) })
  .transform(({ auth }) => ({ token: auth.client_token, type: auth.token_type }));

/** With which role a login was. Where it still wants a second factor, there is no token yet. */
export const Login = z
  .object({
    auth: z.object({
      client_token: Token,
      token_type: z.enum(['service', 'batch']),
      metadata: z.object({ role_name: z.string() }),
    }),
  })
  .transform(({ auth }) => auth.metadata.role_name.toLowerCase());

const failure = (words: z.ZodType) => z.object({ errors: z.tuple([words]) });

/** Of a secret ID that the role does not have, and of a role_id that nobody has. */
export const Refused = failure(z.enum(['invalid role or secret ID', 'invalid secret id']));

export const FromElsewhere = failure(
  z.string().regex(/^source address .+ unauthorized (by|through) CIDR restrictions on the (role|secret ID)/),
);

/** Of a token that may not, of none that Vault knows, and of a role that is locked. */
export const Denied = failure(z.string().regex(/^(1 error occurred:\n\t\* )?permission denied\n*$/));

/** How a role binds its secret IDs. */
export const RoleRules = z.object({
  data: z.object({
    bind_secret_id: z.boolean(),
    secret_id_num_uses: z.int(),
    secret_id_ttl: z.int(),
  }),
});
export type RoleRules = z.infer<typeof RoleRules>;

/** Whether a role keeps secret IDs from living as many days; 0 seconds are no limit. */
export function isTooShort({ data }: RoleRules, days: number): boolean {
  return data.secret_id_ttl > 0 && data.secret_id_ttl * SECOND < days * DAY;
}

export const RoleId = z.object({ data: z.object({ role_id: z.string() }) });
