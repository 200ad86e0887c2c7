import { moveCredential, withCredential } from '../../core/token/transitions.ts';
import { permitFor, type NewPermit, type PermitKind, type Permits } from '../../core/revocation/permits.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { graceEnds } from '../../core/rotation/next-rotation.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Instant } from '../../core/basics/time.ts';
import { asPermitted, permittedBy } from '../../core/revocation/urgency.ts';
import { permit } from './permits.ts';
import { change } from '../inventory/store.ts';
import type { Work } from '../open-token/context.ts';

/** A permit about one credential, bound to all that it is known by. */
export function permitAbout(
  { id, handle, fingerprint }: Pick<Credential, 'id' | 'handle' | 'fingerprint'>,
  kind: PermitKind,
  said: { at: Instant; by: string },
): NewPermit {
  return {
    kind,
    about: id,
    ...(handle !== undefined && { handle }),
    ...(fingerprint !== undefined && { fingerprint }),
    ...said,
  };
}

/**
 * A record that says that a credential is claimed for its end says no more than where to look. What was never
 * in use is claimed here, from now on; what was in use goes back into grace, out of which it is claimed like
 * any other.
 */
export async function vouched(work: Work, one: Credential, permits: Permits, ports: Ports): Promise<Loaded> {
  const { token } = work.record;
  if (
    one.revokedAt !== undefined ||
    permittedBy(token, one, permits) !== undefined ||
    permitFor(permits, 'claim', one)
  )
    return work.record;
  const now = ports.now();
  if (one.supersededAt !== undefined || one.promotedAt !== undefined) {
    ports.log.warn('a claim that nothing permits was given back', {
      tokenId: work.tokenId,
      credential: one.id,
    });
    return change(work.record, ports, (same) =>
      moveCredential(same, one.id, 'release', {
        revocationBegunAt: undefined,
        lookAt: graceEnds(same, asPermitted(same, one, permits)),
      }),
    );
  }
  await permit(work.tokenId, [permitAbout(one, 'claim', { at: now, by: work.by })], ports);
  return change(work.record, ports, (same) =>
    withCredential(same, one.id, (claimed) => ({ ...claimed, revocationBegunAt: now })),
  );
}
