import * as z from 'zod';
import { KeyturnError } from '../basics/errors.ts';
import type { Parcel } from './courier.ts';

/**
 * An exact text, or the start of texts followed by `*`. A bare `*` is refused: whoever may declare anything
 * would reach everything.
 */
function pattern(what: string) {
  return z.string({ error: `write ${what}, or the start of one followed by *` }).regex(/^[\w/+=.@:-]+\*?$/);
}

/** Which token may be brought to which targets: an operator's word, never that of who tags a secret. */
export const DeliveryGrant = z.strictObject({
  secret: pattern('the name of a secret'),
  target: pattern('a target'),
});
export type DeliveryGrant = z.infer<typeof DeliveryGrant>;

function fits(pattern: string, text: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : pattern === text;
}

export function isGranted(
  grants: readonly DeliveryGrant[],
  parcel: Pick<Parcel, 'secretName' | 'consumer'>,
): boolean {
  return grants.some(
    (grant) => fits(grant.secret, parcel.secretName) && fits(grant.target, parcel.consumer.target),
  );
}

/** Error: `not-granted`, saying where the grant belongs. */
export function requireGranted(
  grants: readonly DeliveryGrant[],
  parcel: Pick<Parcel, 'secretName' | 'consumer'>,
  where: string,
): void {
  if (!isGranted(grants, parcel)) throw notGranted(parcel, where);
}

export function notGranted(
  { secretName, consumer }: Pick<Parcel, 'secretName' | 'consumer'>,
  where: string,
): KeyturnError {
  return new KeyturnError(
    'not-granted',
    `Nothing grants the secret ${secretName} to the ${consumer.kind} consumer ${consumer.target}: add ` +
      `a grant to ${where}.`,
  );
}
