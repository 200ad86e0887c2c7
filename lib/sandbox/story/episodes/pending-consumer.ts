import { HOUR } from '../../../../functions/core/basics/time.ts';
import { BootOnlyService, USE_EVERY } from '../consumers.ts';
import type { Episode } from '../episode.ts';
import { lastOf, openedAndOver, toldByMailAndPager, check } from '../checks.ts';

const EXPORT = 'reports/gitlab-export';
const BOX = { agent: 'reports-box/1', usesEvery: USE_EVERY };
/** It is rotated once in the story. */
const ROTATED = 144 * HOUR;
/**
 * When the longest grace period is over, twelve hours after the rotation, the alert comes; its reader
 * restarts the box two hours later.
 */
const RESTARTED = ROTATED + 14 * HOUR;

/**
 * A consumer that is never restarted holds up a revocation: the old credential stays active, and its owner
 * is notified.
 */
export function pendingConsumer(): Episode {
  let box: BootOnlyService | undefined;
  return {
    members: [
      {
        secret: EXPORT,
        provider: 'gitlab',
        owner: 'team-reports',
        purpose: 'exports reports',
        begins: 'by-hand',
        beginning: 'made by hand',
        policy: { rotateEvery: '6d', minGrace: '15m', maxGrace: '12h', unusedFor: '30m' },
      },
    ],
    players: [BOX],
    async start(stage) {
      box = new BootOnlyService(stage.at(EXPORT), {
        role: 'reports',
        agents: [BOX.agent],
        restartEvery: 0,
        isDeaf: true,
      });
      await box.start();
    },
    acts: [
      {
        at: RESTARTED,
        async play({ stage }) {
          await box?.restartAll();
          stage.tell(
            `${EXPORT}: the alert names a credential that is still used; its owner finds a server that ` +
              'was never restarted, and restarts it',
          );
        },
      },
    ],
    expects: [{ secret: EXPORT, kind: 'previous-credential-in-use' }],
    check({ facts, heard, start }) {
      const wrong = [
        ...openedAndOver(facts, EXPORT, 'previous-credential-in-use'),
        ...toldByMailAndPager(heard, EXPORT, start + RESTARTED),
      ];
      const revoked = facts.filter(
        (fact) => fact.type === 'lifecycle' && fact.what === 'revoked' && fact.name === EXPORT,
      );
      if (revoked.some((fact) => fact.at < start + RESTARTED))
        wrong.push('the credential that was still used was revoked');
      if (lastOf(facts, EXPORT, 'revocation-verified') === undefined)
        wrong.push('the revocation of the old credential was never verified');
      return check(
        'A credential that was still in use stayed active until its consumer had moved, and its owner ' +
          'was notified',
        wrong,
        `${revoked.length} revoked, after its last use`,
      );
    },
  };
}
