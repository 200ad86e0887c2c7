import { KeyturnError } from '../../core/basics/errors.ts';
import { likeness } from '../../core/issuer/likeness.ts';
import { replacedSince } from '../../core/revocation/replaced-credentials.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { ListedCredential } from '../../core/issuer/provider.ts';
import { graceEnds, leastGrace } from '../../core/rotation/next-rotation.ts';
import { formatInstant } from '../../core/basics/time.ts';
import { credentialOf } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';
import { asPermitted, isOver, permittedBy } from '../../core/revocation/urgency.ts';
import { registered, versionWith } from '../inventory/registration.ts';
import { likenessOfVersion } from './holdings.ts';
import { isReadableHere, type Look, type Seen } from './holders.ts';
import { behind, type Case, type Refusal } from './target.ts';

/** What the issuer lists, if it has a list. */
type Listed = readonly ListedCredential[] | 'no list';

/**
 * Without a permit that does without grace, what was replaced stays active for the minimum grace, counted by
 * the record, by when the worker functions saw it replaced, and by Secrets Manager's own date of the last
 * rotation for what AWSPREVIOUS names (`LastRotatedDate`, Secrets Manager API Reference, "DescribeSecret"): a
 * date in a record can be put back.
 */
export async function graceObjection(
  look: Look,
  one: Case,
  listed: Listed,
  ports: Ports,
): Promise<Refusal | undefined> {
  if (permittedBy(one.token, one.target, one.permits) !== undefined) return undefined;
  const ends = graceEnds(one.token, asPermitted(one.token, one.target, one.permits));
  if (ports.now() < ends) return inGrace(one, ends);
  for (const seen of [look.own, ...look.others]) {
    const until = seenUntil(seen, one, ports) ?? (await heldUntil(seen, one, listed, ports));
    if (until !== undefined) return inGrace(one, until);
  }
  return undefined;
}

function inGrace({ target }: Case, until: number): Refusal {
  return behind(`The credential ${target.handle} is in grace until ${formatInstant(until)}.`);
}

/** Until when a credential is in grace that the worker functions saw replaced. */
function seenUntil(
  { loaded: { token }, secret, permits }: Seen,
  one: Case,
  ports: Ports,
): number | undefined {
  const seen = replacedSince(permits, one.target);
  const held = seen && credentialOf(token, seen.about);
  if (!seen || (held && token.id !== one.token.id && isOver(token, held, { permits, now: ports.now() })))
    return undefined;
  const until = seen.at + leastGrace(secret ? policyOf(token, secret, ports) : token.policy);
  return ports.now() < until ? until : undefined;
}

/** Until when what AWSPREVIOUS of a secret names is in grace, if that is this credential, or may be. */
async function heldUntil(
  { loaded: { token }, secret, permits }: Seen,
  one: Case,
  listed: Listed,
  ports: Ports,
): Promise<number | undefined> {
  if (!isReadableHere(secret, ports) || secret.rotatedAt === undefined) return undefined;
  const previous = versionWith(secret, 'AWSPREVIOUS');
  if (previous === undefined) return undefined;
  const until = secret.rotatedAt + leastGrace(policyOf(token, secret, ports));
  const held = credentialOf(token, previous);
  if (isGone(held, one, listed)) return undefined;
  if (
    ports.now() >= until ||
    (held && token.id !== one.token.id && isOver(token, held, { permits, now: ports.now() }))
  )
    return undefined;
  const isTarget = token.id === one.token.id && previous === one.target.versionId;
  return isTarget || (await likenessOfVersion({ token, secret }, previous, one, ports)) !== 'different'
    ? until
    : undefined;
}

/** The record says that it ended, and the issuer lists it no more. Neither would be enough alone. */
function isGone(held: Credential | undefined, { target }: Case, listed: Listed): boolean {
  return (
    held?.state === 'ended' &&
    held.forgotten === undefined &&
    likeness(held, target) === 'same' &&
    listed !== 'no list' &&
    !listed.some((entry) => entry.handle === target.handle)
  );
}

/** By the tags as they are; of a secret that cannot be managed as it is, by its record. */
function policyOf(token: Token, secret: SecretDescription, ports: Ports): Policy {
  try {
    return registered(secret, ports, token.policy).policy;
  } catch (error) {
    if (error instanceof KeyturnError) return token.policy;
    throw error;
  }
}
