import * as z from 'zod';
import { KeyturnError } from '../errors.ts';
import { Secret } from '../secret.ts';
import type { ValuePlace } from './place.ts';

/** The field of the secret's JSON that is Keyturn's own. */
export const STAMP_FIELD = '_keyturn';

/**
 * What Keyturn notes beside a credential it made, inside the secret itself, so that nothing safety needs is lost with the table.
 * `seal` is an HMAC under a key that owners of secrets cannot use: a stamp that someone copied or wrote does not verify.
 */
export const Stamp = z.strictObject({
  handle: z.string().min(1).optional(),
  mintedAt: z.number(),
  expiresAt: z.number().optional(),
  seal: z.string().min(1),
});
export type Stamp = z.infer<typeof Stamp>;

/** A secret's content: the credential, and whatever else a person keeps beside it. */
export type Payload =
  | { readonly kind: 'plain'; readonly value: Secret | undefined }
  | {
      readonly kind: 'json';
      readonly value: Secret | undefined;
      readonly fields: Readonly<Record<string, unknown>>;
      readonly stamp: Stamp | undefined;
    };

/** A secret that holds no credential yet: Keyturn writes JSON into it. */
export const EMPTY_PAYLOAD: Payload = { kind: 'json', value: undefined, fields: {}, stamp: undefined };

/** Every field as it was written: a schema would leave out one named `__proto__`. */
function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON numbers are read as doubles: a longer one would be written back as another number. */
function losesDigits(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
  return typeof value === 'object' && value !== null && Object.values(value).some(losesDigits);
}

/** A key is named only when it looks like a name: a value pasted at the wrong place must not reach an error. */
function fieldNamed(key: string): string {
  return /^[a-z][a-z_]{0,31}$/i.test(key) ? `The field "${key}"` : 'A field';
}

/**
 * Reads the text of a secret version; `place` is where the credential stands.
 * Errors: `secret-malformed` when the text looks like JSON and is not, the field is no text, or some field could not be kept as it is.
 */
export function parsePayload(text: Secret, { path: [valueField = ''] }: ValuePlace): Payload {
  const raw = text.reveal().trim();
  if (raw === '') return EMPTY_PAYLOAD;
  if (!raw.startsWith('{')) return { kind: 'plain', value: new Secret(raw) };
  const fields = parseObject(raw);
  if (!fields) throw new KeyturnError('secret-malformed', 'The secret starts like JSON but is not valid JSON: correct it, or store the bare token.');
  const inexact = Object.keys(fields).find((key) => losesDigits(fields[key]));
  if (inexact !== undefined) throw new KeyturnError('secret-malformed', `${fieldNamed(inexact)} of the secret holds a number too long to be kept exactly: store it as a string.`);
  const value = fields[valueField];
  if (value !== undefined && typeof value !== 'string')
    throw new KeyturnError('secret-malformed', `The field "${valueField}" of the secret is not text: store the credential there as a string.`);
  const stamp = Stamp.safeParse(fields[STAMP_FIELD]);
  return { kind: 'json', value: value ? new Secret(value) : undefined, fields, stamp: stamp.data };
}

/** The text of the next version: the same shape and a person's own fields, with the new credential, its companions and its stamp. */
export function nextPayload(
  previous: Payload,
  { path: [valueField = ''] }: ValuePlace,
  made: { value: Secret; fields?: Readonly<Record<string, string>>; stamp: Stamp },
): Secret {
  if (previous.kind === 'plain') return made.value;
  const next = { ...previous.fields, ...made.fields, [valueField]: made.value.reveal(), [STAMP_FIELD]: made.stamp };
  return new Secret(JSON.stringify(next));
}

/** The text that a seal covers: whoever changes any part of it breaks the seal. */
export function sealedText(claim: { secretArn: string; versionId: string; handle: string | undefined; fingerprint: string }): string {
  return JSON.stringify(['keyturn-seal-1', claim.secretArn, claim.versionId, claim.handle ?? null, claim.fingerprint]);
}
