import { standingForcedRevocation, type Order } from '../../core/revocation/forced-revocations.ts';
import { exposurePermit, permitFor, type Permits } from '../../core/revocation/permits.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { ListedCredential } from '../../core/issuer/provider.ts';
import { formatInstant, type Instant, type Millis } from '../../core/basics/time.ts';
import { CLOCK_SKEW } from '../../core/issuer/mint-window.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';
import { isEndPermitted } from '../../core/revocation/urgency.ts';
import { provenance } from '../rotation/provenance.ts';
import { registered } from '../inventory/registration.ts';
import { refused, type Case, type Refusal } from './target.ts';

/**
 * An order that stands by the record and the policy, and whose cause the worker function wrote down when it
 * was reported or asked for. An age needs no word of anybody: the issuer tells it.
 */
export function permittedForcedRevocation(
  token: Token,
  one: Credential,
  seen: { permits: Permits; now: Instant },
): Order | undefined {
  const order = standingForcedRevocation(token, one, seen.now);
  switch (order?.cause) {
    case undefined:
      return undefined;
    case 'retirement':
      return isEndPermitted(token, seen.permits) ? order : undefined;
    case 'incident':
      return exposurePermit(seen.permits, one) ? order : undefined;
    case 'max-age':
      return order;
  }
}

/**
 * The policy may order the end of a current credential, in words; then AWSCURRENT has to be this very one,
 * and the order has to stand by the tags as they are, and under a permit.
 */
export async function orderObjection(
  token: Token,
  secret: SecretDescription,
  { target, session, place, permits }: Case,
  ports: Ports,
): Promise<Refusal | undefined> {
  const { policy } = registered(secret, ports);
  const stands =
    permittedForcedRevocation({ ...token, policy }, target satisfies Credential, {
      permits,
      now: ports.now(),
    }) !== undefined && permitFor(permits, 'forced-revocation', target) !== undefined;
  if (!stands)
    return refused(
      `The credential ${target.handle} is AWSCURRENT, and no order of its policy lets Keyturn revoke it.`,
    );
  const held =
    target.versionId &&
    (await provenance({ secretArn: secret.arn, versionId: target.versionId, place }, { session }, ports));
  return held && held.handle === target.handle
    ? undefined
    : refused(`Nothing tells that AWSCURRENT is the credential ${target.handle}.`);
}

/**
 * An order for its age is held against the date that the issuer keeps: a record could say any. In words what
 * is against it.
 */
export function tooYoung(
  one: { handle: string | undefined; maxAge: Millis },
  listed: readonly ListedCredential[] | undefined,
  now: Instant,
): string | undefined {
  const madeAt = listed?.find((entry) => entry.handle === one.handle)?.createdAt;
  if (madeAt === undefined || madeAt + one.maxAge <= now + CLOCK_SKEW) return undefined;
  return (
    `The issuer made the credential ${one.handle} at ${formatInstant(madeAt)}: it is not past its ` +
    'highest age.'
  );
}

export function ageObjection(
  { token, target, permits }: Case,
  listed: readonly ListedCredential[] | undefined,
  now: Instant,
): Refusal | undefined {
  if (permittedForcedRevocation(token, target, { permits, now })?.cause !== 'max-age') return undefined;
  const reason = tooYoung({ handle: target.handle, maxAge: token.policy.maxAge }, listed, now);
  return reason === undefined ? undefined : refused(reason);
}
