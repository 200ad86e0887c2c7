import { creationEnds } from '../issuer/issuer-facts.ts';
import type { ProviderDescriptor } from '../issuer/provider-descriptor.ts';
import { TAGS } from '../policy/tags.ts';
import { isOut } from '../token/exposure.ts';
import { currentOf } from '../token/lookups.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import { withCredential } from '../token/transitions.ts';
import type { Instant } from '../basics/time.ts';

/** What decides whether a creation ends the current value. */
export type ReplaceFacts = Partial<Pick<ProviderDescriptor, 'slots'>>;

/**
 * Why no rotation of a token may begin where creating a value ends the current one, in a sentence; undefined
 * where one may, and at every other issuer. What has begun goes on, whatever the policy says by now.
 */
export function whyNotReplaced(token: Token, { slots }: ReplaceFacts): string | undefined {
  if (!creationEnds({ slots })) return undefined;
  const current = currentOf(token);
  if (current?.replacing !== undefined) return undefined;
  if (!current) return strangeSlot(token.name, NO_VALUE);
  if (token.refusedSince !== undefined) return strangeSlot(token.name, NOT_ACCEPTED);
  if (isOut(token, current) || token.policy.overlap === 'none') return undefined;
  return wordMissing(token.name);
}

/** Why what a slot holds is not known. */
export const NO_VALUE = 'the secret has no value yet';
export const NOT_ACCEPTED = 'its issuer does not accept the current one';

/** A value that nobody here knows may be in use. */
export function strangeSlot(name: string, why: string): string {
  return (
    `Nothing is made for ${name}, since that would end a value that Keyturn does not know, and ${why}: ` +
    'store the value that its issuer accepts now in the secret, then rotate again.'
  );
}

export function wordMissing(name: string): string {
  return (
    `Nothing is made for ${name}, since its issuer keeps one value: a new one ends the current one at ` +
    `once. Add the tag ${TAGS.overlap}=none (policy: overlap: none) to permit that.`
  );
}

/** Notes on the current credential that a creation is about to be sent which ends it. */
export function replacing(token: Token, by: { attempt: string; account: string; at: Instant }): Token {
  const current = currentOf(token);
  return current === undefined
    ? token
    : withCredential(token, current.id, (one) => ({ ...one, replacing: { ...by } }));
}

/** Takes that back: nothing was made, and the issuer has kept the current one. */
export function notReplaced(token: Token): Token {
  const current = currentOf(token);
  return current?.replacing === undefined
    ? token
    : withCredential(token, current.id, ({ replacing: _replacing, ...one }): Credential => one);
}
