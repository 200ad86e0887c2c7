import { HOUR } from '../../../../functions/core/basics/time.ts';
import { isRefused } from '../audit.ts';
import type { Episode } from '../episode.ts';
import { keyturn } from '../keyturn-command.ts';
import { lastOf, check } from '../checks.ts';

const WIKI = 'legacy/gitlab-wiki';
const RETIRED = 130 * HOUR;

/** A service is switched off, and its token is ended: nothing of it stays active. */
export function retirement(): Episode {
  let last: string | undefined;
  let isRejected = false;
  return {
    members: [
      {
        secret: WIKI,
        provider: 'gitlab',
        owner: 'team-tools',
        purpose: 'fed the old wiki',
        begins: 'by-hand',
        beginning: 'made by hand',
        policy: { rotateEvery: '30d', minGrace: '15m' },
      },
    ],
    players: [],
    acts: [
      {
        at: RETIRED,
        async play({ stage }) {
          last = (await stage.issuerOf(WIKI).credentials(WIKI)).find((one) => one.live)?.value;
          stage.tell(`${WIKI}: the old wiki is switched off, and its owner runs \`keyturn retire\``);
          await keyturn(stage.sandbox.folder, ['retire', WIKI, '--yes']);
        },
      },
      {
        at: RETIRED + HOUR,
        async play({ stage }) {
          isRejected = last !== undefined && (await isRefused(stage.issuerOf(WIKI), last));
        },
      },
    ],
    expects: [],
    check({ facts }) {
      const [revoked, ended] = [lastOf(facts, WIKI, 'revocation-verified'), lastOf(facts, WIKI, 'retired')];
      const wrong = [
        ...(ended === undefined || revoked === undefined || revoked > ended
          ? ['it was not retired with a verified revocation']
          : []),
        ...(isRejected ? [] : ['its issuer still accepts its last value']),
      ];
      return check(
        'The credentials of the retired token are revoked at its issuer, and it is not rotated any more',
        wrong,
        WIKI,
      );
    },
  };
}
