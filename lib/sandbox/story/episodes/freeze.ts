import { DAY, HOUR, formatInstant, type Instant } from '../../../../functions/core/basics/time.ts';
import type { Episode } from '../episode.ts';
import { openedAndOver, check } from '../checks.ts';

const LEDGER = 'books/okta-ledger';
const FIRST_DAY = 3;
const LAST_DAY = 4;

function dayOf(at: Instant): string {
  return formatInstant(at).slice(0, 10);
}

/** A rotation that falls into a freeze waits for its end. */
export function freeze(start: Instant): Episode {
  const midnight = Math.floor(start / DAY) * DAY;
  const frozen = `${dayOf(midnight + FIRST_DAY * DAY)}..${dayOf(midnight + LAST_DAY * DAY)} UTC`;
  const thaw = midnight + (LAST_DAY + 1) * DAY;
  return {
    members: [
      {
        secret: LEDGER,
        provider: 'okta',
        owner: 'team-books',
        purpose: 'books the sales',
        begins: 'by-hand',
        beginning: `its owner wants no rotation from ${frozen.replace('..', ' to ')}`,
        policy: { rotateEvery: '3d', minGrace: '15m', freezes: [frozen] },
      },
    ],
    players: [],
    acts: [],
    expects: [{ secret: LEDGER, kind: 'rotation-deferred' }],
    check({ facts }) {
      const wrong = openedAndOver(facts, LEDGER, 'rotation-deferred');
      const inFreeze = facts.filter(
        (fact) =>
          fact.type === 'lifecycle' &&
          fact.name === LEDGER &&
          fact.what === 'rotation-started' &&
          fact.at >= midnight + FIRST_DAY * DAY &&
          fact.at < thaw,
      );
      if (inFreeze.length > 0) wrong.push('a rotation began in the freeze');
      const thawed = facts.some(
        (fact) =>
          fact.type === 'lifecycle' &&
          fact.name === LEDGER &&
          fact.what === 'rotated' &&
          fact.at >= thaw &&
          fact.at < thaw + HOUR,
      );
      if (!thawed) wrong.push('no rotation came when the freeze was over');
      return check('The rotation that fell into a freeze waited for its end', wrong, `${LEDGER}, ${frozen}`);
    },
  };
}
