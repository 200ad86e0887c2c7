import { HOUR, MINUTE } from '../../../../functions/core/basics/time.ts';
import { isRefused } from '../audit.ts';
import type { Episode } from '../episode.ts';
import { keyturn } from '../keyturn-command.ts';
import { lastOf, openedAndOver, toldByMailAndPager, check } from '../checks.ts';

const APP = 'mobile/gitlab-app';
const REPORTED = 100 * HOUR;

/** A value is found in public: whoever finds it reports it, and it is replaced and dead within minutes. */
export function leak(): Episode {
  let found: string | undefined;
  let isDead = false;
  return {
    members: [
      {
        secret: APP,
        provider: 'gitlab',
        owner: 'team-mobile',
        purpose: 'builds the app',
        begins: 'by-hand',
        beginning: 'made by hand, and pasted into a public gist',
        policy: { rotateEvery: '30d', minGrace: '15m', unusedFor: '30m' },
      },
    ],
    players: [],
    acts: [
      {
        at: REPORTED,
        async play({ stage }) {
          found = (await stage.issuerOf(APP).credentials(APP)).find((one) => one.live)?.value;
          stage.tell(
            `somebody finds a value in a public gist and sends it to \`keyturn report-leak\`: it is ${APP}'s`,
          );
          await keyturn(stage.sandbox.folder, ['report-leak', '--yes'], found);
        },
      },
      {
        at: REPORTED + HOUR,
        async play({ stage }) {
          isDead = found !== undefined && (await isRefused(stage.issuerOf(APP), found));
          stage.tell(
            `${APP}: an hour later we try the value from the gist: the issuer ${isDead ? 'rejects it' : 'STILL ACCEPTS IT'}`,
          );
        },
      },
    ],
    expects: [{ secret: APP, kind: 'credential-leaked' }],
    check({ facts, heard, start }) {
      const wrong = [
        ...openedAndOver(facts, APP, 'credential-leaked'),
        ...toldByMailAndPager(heard, APP, start + REPORTED + 30 * MINUTE),
      ];
      const dead = lastOf(facts, APP, 'contained');
      if (dead === undefined || lastOf(facts, APP, 'replaced') === undefined)
        wrong.push('what leaked was not replaced and contained');
      if (!isDead) wrong.push('its issuer still takes the value that leaked');
      const minutes = dead === undefined ? 0 : Math.ceil((dead - start - REPORTED) / MINUTE);
      return check(
        'The leaked value was replaced at once, and its issuer rejects it',
        wrong,
        `revoked and verified within ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} of the report`,
      );
    },
  };
}
