import { canMove, currentAgain } from '../../core/token/transitions.ts';
import { promoted } from '../../core/token/promotion.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Credential } from '../../core/token/credential.ts';
import { versionWith } from '../inventory/registration.ts';
import { change } from '../inventory/store.ts';
import type { SecretWork } from '../open-token/context.ts';

export async function recordLate(work: SecretWork, attemptId: string, ports: Ports): Promise<void> {
  const oldVersion = versionWith(work.secret, 'AWSPREVIOUS');
  await change(work.tokenId, ports, (token) =>
    promoted(token, attemptId, { oldVersion, now: ports.now(), by: work.by }),
  );
}

/**
 * Promoted once, and another version is current by now: its credential is in grace from here on, never
 * aborted.
 */
export async function recordSuperseded(work: SecretWork, attemptId: string, ports: Ports): Promise<void> {
  const now = ports.now();
  const current = versionWith(work.secret, 'AWSCURRENT');
  await change(work.tokenId, ports, (token) => {
    const done = promoted(token, attemptId, {
      oldVersion: undefined,
      now,
      by: work.by,
      detail: `version ${attemptId} was current until another took its place`,
    });
    return {
      ...done,
      credentials: done.credentials.map((one) => steppedBack(one, { attemptId, current, now })),
    };
  });
}

function steppedBack(
  one: Credential,
  seen: { attemptId: string; current: string | undefined; now: number },
): Credential {
  if (one.id === seen.attemptId) return { ...one, state: 'previous', supersededAt: seen.now };
  return one.id === seen.current && canMove(one, 'promote') ? currentAgain(one, seen.now) : one;
}
