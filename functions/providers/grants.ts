import * as z from 'zod';
import { KeyturnError, type ErrorCode } from '../core/basics/errors.ts';
import { parseJson } from '../core/basics/json.ts';
import { adminSecretOf } from '../core/basics/names.ts';
import { STAMP_FIELD } from '../core/policy/value-notation.ts';
import { Secret } from '../core/basics/secret.ts';

/** A field of an admin secret that holds a credential: trimmed, since line breaks come along when people paste. */
export const AdminText = z.string().trim().min(1);

/** {@link AdminText} as a {@link Secret} from the moment it is read. */
export const AdminSecret = AdminText.transform((text) => new Secret(text));

/**
 * The secret a grant is for: its exact name, or the start of names followed by `*`. A bare `*` is refused:
 * whoever may create any secret would get a token.
 */
export const GrantedSecret = z
  .string()
  .regex(/^[\w/+=.@-]+\*?$/, 'must be the name of a secret, or the start of names followed by *');

/** A check for grants of accounts that serve one secret alone: `field` names the account, `kind` says what it is. Its sentence names both secrets. */
export function oneSecretEach<F extends string>(field: F, kind: string) {
  return (
    grants: readonly (Readonly<Record<F, string>> & { readonly secret: string })[],
    context: z.RefinementCtx,
  ): void => {
    for (const [index, grant] of grants.entries()) {
      const first = grants.findIndex((other) => other[field] === grant[field]);
      if (first === index) continue;
      const message = `It grants the ${kind} ${grant[field]} to ${grant.secret}, and grants[${first}] grants it to ${grants[first]?.secret ?? ''}: one ${kind} serves one secret`;
      context.addIssue({ code: 'custom', path: [index, field], message });
    }
  };
}

/** {@link oneSecretEach}, with former accounts (`formerly` of a grant): none of them may be what another grant names now. */
export function oneSecretEachEver<F extends string>(field: F, kind: string) {
  const current = oneSecretEach(field, kind);
  type Account = Readonly<Record<F, string>>;
  return (
    grants: readonly (Account & {
      readonly secret: string;
      readonly formerly?: readonly Account[] | undefined;
    })[],
    context: z.RefinementCtx,
  ): void => {
    current(grants, context);
    for (const [index, { formerly = [] }] of grants.entries())
      for (const [place, former] of formerly.entries()) {
        const now = grants.findIndex((grant) => grant[field] === former[field]);
        if (now === -1) continue;
        const message = `It names the ${kind} ${former[field]}, which grants[${now}] grants to ${grants[now]?.secret ?? ''} now: one ${kind} serves one secret`;
        context.addIssue({ code: 'custom', path: [index, 'formerly', place, field], message });
      }
  };
}

/**
 * Reads the text of an admin secret.
 * Error: `admin-invalid` names the field and what is wrong with it, never what it holds.
 */
export function readAdmin<T>(provider: string, admin: Secret, schema: z.ZodType<T>): T {
  return readJson(admin, schema, { code: 'admin-invalid', what: `the admin secret of ${provider}` });
}

/** The same for any secret that an operator writes. Error: the code that is given, naming the field and what is wrong with it, never what it holds. */
export function readJson<T>(
  text: Secret,
  schema: z.ZodType<T>,
  about: { readonly code: ErrorCode; readonly what: string },
): T {
  const json = withoutStamp(parseJson(text.reveal()));
  const what = about.what.slice(0, 1).toUpperCase() + about.what.slice(1);
  if (json === undefined) throw new KeyturnError(about.code, `${what} is not valid JSON.`);
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = fieldOf(issue?.path ?? []);
  throw new KeyturnError(
    about.code,
    `${field === '' ? what : `The field ${field} of ${about.what}`} is wrong: ${problemOf(issue)}.`,
  );
}

/** An admin secret that Keyturn replaces carries its stamp like any token. */
function withoutStamp(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json;
  return Object.fromEntries(Object.entries(json).filter(([key]) => key !== STAMP_FIELD));
}

/**
 * The grant for a secret: one with its exact name, else the one with the longest start of it; for an admin secret its exact name alone.
 * Errors: `not-granted`; `admin-invalid` when two grants fit equally.
 */
export function grantFor<G extends { readonly secret: string }>(
  provider: string,
  grants: readonly G[],
  secretName: string,
): G {
  const fitting = grants
    .filter(
      (grant) =>
        fits(grant.secret, secretName) &&
        !(grant.secret.endsWith('*') && adminSecretOf(secretName) !== undefined),
    )
    .sort((a, b) => rank(b.secret) - rank(a.secret));
  const [best, next] = fitting;
  if (best === undefined)
    throw new KeyturnError(
      'not-granted',
      `No grant for the secret ${secretName}: add one to the field grants of the admin secret of ${provider}.`,
    );
  if (next?.secret === best.secret)
    throw new KeyturnError(
      'admin-invalid',
      `The field grants of the admin secret of ${provider} names the secret ${best.secret} twice.`,
    );
  return best;
}

function fits(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

function rank(pattern: string): number {
  return pattern.endsWith('*') ? pattern.length : Number.MAX_SAFE_INTEGER;
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );
}

/** What is wrong, in words that come from the schema alone. */
function problemOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return 'it is not as docs/reference.md shows';
  if (issue.code !== 'unrecognized_keys') return lowerFirst(issue.message);
  // Names help against typing errors, but a credential may have been pasted as a name: those have digits or are long.
  const names = issue.keys.filter((key) => /^[A-Za-z_]{1,24}$/.test(key));
  return names.length === 0
    ? 'it has a field that is not known'
    : `it has a field that is not known: ${names.join(', ')}`;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
