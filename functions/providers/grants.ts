import * as z from 'zod';
import { capital } from '../core/basics/capital.ts';
import { KeyturnError } from '../core/basics/errors.ts';
import type { ErrorCode } from '../core/basics/error-rules.ts';
import { parseJson } from '../core/basics/json.ts';
import { STAMP_FIELD } from '../core/policy/value-notation.ts';
import { Secret } from '../core/basics/secret.ts';

/**
 * A field of an admin secret that holds a credential: trimmed, since line breaks come along when people
 * paste.
 */
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

/** Which code a fault has, and what the text is that has it. */
export interface About {
  readonly code: ErrorCode;
  readonly what: string;
}

/** What a schema says of a fault. */
export type Fault = z.core.$ZodIssue | Pick<z.core.$ZodIssueCustom, 'code' | 'path' | 'message'>;

/**
 * Reads the text of an admin secret.
 * Error: `admin-invalid` names the field and what is wrong with it, never what it holds.
 */
export function readAdmin<T>(provider: string, admin: Secret, schema: z.ZodType<T>): T {
  return readJson(admin, schema, { code: 'admin-invalid', what: `the admin secret of ${provider}` });
}

/**
 * The same for any secret that an operator writes. Error: the code that is given, naming the field and what
 * is wrong with it, never what it holds.
 */
export function readJson<T>(text: Secret, schema: z.ZodType<T>, about: About): T {
  const json = withoutStamp(parseJson(text.reveal()));
  if (json === undefined) throw new KeyturnError(about.code, `${capital(about.what)} is not valid JSON.`);
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw faultIn(about, parsed.error.issues[0]);
}

/**
 * The sentence about what is wrong in such a secret: it names the field and the fault, never what the field
 * holds. `at`: where in the text the schema began.
 */
export function faultIn(
  about: About,
  issue: Fault | undefined,
  at: readonly PropertyKey[] = [],
): KeyturnError {
  const field = fieldOf([...at, ...(issue?.path ?? [])]);
  const where = field === '' ? capital(about.what) : `The field ${field} of ${about.what}`;
  return new KeyturnError(about.code, `${where} is wrong: ${problemOf(issue)}.`);
}

/** An admin secret that Keyturn replaces carries its stamp like any token. */
function withoutStamp(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json;
  return Object.fromEntries(Object.entries(json).filter(([key]) => key !== STAMP_FIELD));
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );
}

/** What is wrong, in words that come from the schema alone. */
function problemOf(issue: Fault | undefined): string {
  if (issue === undefined) return 'it is not as docs/reference.md shows';
  if (issue.code !== 'unrecognized_keys') return lowerFirst(issue.message);
  // Names help against typing errors, but a credential may have been pasted as a name: those have digits or
  // are long.
  const names = issue.keys.filter((key) => /^[A-Za-z_]{1,24}$/.test(key));
  return names.length === 0
    ? 'it has a field that is not known'
    : `it has a field that is not known: ${names.join(', ')}`;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
