import { HOUR } from '../../../../functions/core/basics/time.ts';
import type { Member } from '../cast.ts';
import type { Episode } from '../episode.ts';
import { keyturn } from '../keyturn-command.ts';
import { lastOf, check } from '../checks.ts';

const ADMIN = 'keyturn/admin/gitlab';
/** After the last change of the admin secret by hand. */
const REGISTERED = 150 * HOUR;
const ROTATED = 152 * HOUR;

const MEMBER: Member = {
  secret: ADMIN,
  provider: 'gitlab',
  owner: 'team-platform',
  purpose: 'makes the other tokens',
  begins: 'in-use',
  beginning: 'what Keyturn itself works with',
  policy: { rotateEvery: '30d', minGrace: '30m', unusedFor: '5m' },
};

/**
 * The credential that makes all others is replaced like them: its successor has to make, list and revoke one
 * before it may.
 */
export const ADMIN_CREDENTIAL: Episode = {
  members: [MEMBER],
  players: [],
  acts: [
    {
      at: REGISTERED,
      async play({ stage, owner }) {
        await owner.adopt(MEMBER);
        stage.tell(
          `${ADMIN}: the credential that makes all these tokens becomes a token itself, by a person who ` +
            'may make admin secrets',
        );
      },
    },
    {
      at: ROTATED,
      async play({ stage }) {
        stage.tell(`${ADMIN}: its owner runs \`keyturn rotate\``);
        await keyturn(stage.sandbox.folder, ['rotate', ADMIN]);
      },
    },
  ],
  expects: [],
  check({ facts, holdings, start }) {
    const rotated = lastOf(facts, ADMIN, 'rotated');
    const later = facts.filter(
      (fact) =>
        fact.type === 'lifecycle' &&
        fact.what === 'rotated' &&
        fact.issuer === 'gitlab' &&
        fact.name !== ADMIN &&
        fact.at > (rotated ?? Infinity),
    );
    const trials = (holdings.find(({ secret }) => secret === ADMIN)?.retired.length ?? 0) - 1;
    const wrong = rotated === undefined || rotated < start + ROTATED ? ['it was not rotated'] : [];
    if (trials !== 1) wrong.push(`${trials} credentials were made to try it`);
    if (later.length === 0) wrong.push('nothing was made with the new one');
    return check(
      'The credential that makes the others was replaced by one that had made, listed and revoked one',
      wrong,
      `${later.length} rotations with it since`,
    );
  },
};
