import { isPin, isSetAside } from '../basics/names.ts';
import { mayBeUnseen } from './staleness.ts';
import type { Labels } from './staging-labels.ts';
import type { Credential } from './credential.ts';
import type { Token } from './token.ts';
import type { Instant } from '../basics/time.ts';

/**
 * The label of a version that is neither of AWS nor a pin: a person's, or the one under which a version was
 * set aside for a person.
 */
export function keepingLabel(labels: readonly string[]): string | undefined {
  return labels.find(
    (label) => label !== 'AWSCURRENT' && label !== 'AWSPREVIOUS' && label !== 'AWSPENDING' && !isPin(label),
  );
}

/** Whether a credential was staged by a person and never was current. */
export function wasSetAside(one: Credential): boolean {
  return one.kept !== undefined && isSetAside(one.kept.label);
}

/**
 * Whether nothing may end a credential as things stand: its version is kept by a label, and no person asked
 * for its end.
 */
export function isKept(one: Credential): boolean {
  return one.kept !== undefined && one.withoutGrace !== true;
}

/**
 * Takes over which versions are kept by a label. Once the label of one that was set aside is gone, a person
 * has decided on it: it is no credential of this token any more, and stays active. Any other old credential
 * without its label has the end of an old credential.
 */
export function withKept(token: Token, labels: Labels, now: Instant): Token {
  const credentials = token.credentials.flatMap((one) => keptAs(one, labels, now));
  const isSame =
    credentials.length === token.credentials.length &&
    credentials.every((one, index) => one === token.credentials[index]);
  return isSame ? token : { ...token, credentials };
}

function keptAs(one: Credential, labels: Labels, now: Instant): Credential[] {
  if (one.state !== 'previous' || one.versionId === undefined) return [one];
  const label = keepingLabel(labels.get(one.versionId) ?? []);
  if (label === one.kept?.label) return [one];
  if (label !== undefined) return [{ ...one, kept: { label, since: now } }];
  if (mayBeUnseen(one.kept?.since, now)) return [one];
  if (wasSetAside(one) && one.withoutGrace !== true) return [];
  const { kept: _kept, lookAt: _lookAt, ...rest } = one;
  return [rest];
}
