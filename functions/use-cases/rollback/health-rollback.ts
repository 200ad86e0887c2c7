import { KeyturnError } from '../../core/basics/errors.ts';
import { withdrawalOf, type Firing, type Withdrawal } from '../../core/rotation/health-signals.ts';
import { claimedRestore } from '../../core/token/intents.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { attemptOf, isUnderWay } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import { versionWith } from '../inventory/registration.ts';
import { change, load } from '../inventory/store.ts';
import type { Work } from '../open-token/context.ts';
import { finishRestore } from './rollback.ts';
import { settle } from '../inspection/settle.ts';

/**
 * A health signal spoke against a credential soon after its promotion: the previous one is made current
 * again, by the claim and the compare-and-swap of a rollback. The new one is not revoked: it is in grace like
 * any old one. What is done follows from the record, so a signal that comes twice or too late does nothing.
 * Errors: `conflict` and `issuer-unreachable`, after which the command comes again.
 */
export async function withdraw(asked: Work, firing: Firing, ports: Ports): Promise<void> {
  const work = await caughtUp(asked, firing.credentialId, ports);
  let decided: Withdrawal = { kind: 'none', why: '' };
  const claimed = await change(work.record, ports, (token) => {
    decided = withdrawalOf(token, firing);
    return claim(token, firing, decided, ports.now());
  });
  await carryOut(
    decided,
    { work: { ...work, record: claimed, by: `signal ${firing.signal}` }, firing },
    ports,
  );
}

/** A promotion that took effect and was never recorded, since its function stopped, is recorded first. */
async function caughtUp(work: Work, id: string, ports: Ports): Promise<Work> {
  const attempt = attemptOf(work.record.token, id);
  if (!attempt || !isUnderWay(attempt) || versionWith(work.secret, 'AWSCURRENT') !== id) return work;
  await settle(work, id, ports);
  return { ...work, record: await load(work.tokenId, ports) };
}

function claim(
  token: Token,
  { credentialId, signal, firedAt }: Firing,
  decided: Withdrawal,
  now: number,
): Token {
  if (decided.kind === 'none' || decided.kind === 'later') return token;
  const noted: Token = {
    ...token,
    withdrawn: {
      credentialId,
      signal,
      firedAt,
      at: token.withdrawn?.credentialId === credentialId ? token.withdrawn.at : now,
    },
  };
  return decided.kind === 'back' ? claimedRestore(noted, decided.to.id, now) : noted;
}

async function carryOut(
  decided: Withdrawal,
  asked: { work: Work; firing: Firing },
  ports: Ports,
): Promise<void> {
  const { work, firing } = asked;
  switch (decided.kind) {
    case 'none':
      ports.log.info('a health signal changes nothing', {
        tokenId: work.tokenId,
        signal: firing.signal,
        why: decided.why,
      });
      return;
    case 'later':
      throw new KeyturnError(
        'conflict',
        `The signal ${firing.signal} has to wait for ${work.record.token.name}: ${decided.why}.`,
      );
    case 'stuck':
      return;
    case 'back': {
      const { outcome } = await finishRestore(work, work.record, ports);
      if (outcome === 'lapsed')
        throw new KeyturnError(
          'conflict',
          `What the signal ${firing.signal} asked of ${work.record.token.name} is not to be done any ` +
            'more: it is decided anew.',
        );
      if (outcome === 'unknown' || outcome === 'being revoked')
        throw new KeyturnError(
          'issuer-unreachable',
          `The previous credential of ${work.record.token.name} could not be tested after the signal ` +
            `${firing.signal}: it was not made current.`,
        );
    }
  }
}
