import { HOUR, MINUTE, type Millis } from '../../../../functions/core/basics/time.ts';
import { isRefused } from '../audit.ts';
import type { Member } from '../cast.ts';
import type { Episode } from '../episode.ts';
import { keyturn } from '../keyturn-command.ts';
import { lastOf, openedAndOver, toldByMailAndPager, check } from '../checks.ts';

/** A token that is in the story for its leak alone. */
export const APP = 'mobile/gitlab-app';
const MEMBER: Member = {
  secret: APP,
  provider: 'gitlab',
  owner: 'team-mobile',
  purpose: 'builds the app',
  begins: 'by-hand',
  beginning: 'made by hand, and pasted into a public gist',
  policy: { rotateEvery: '30d', minGrace: '15m', unusedFor: '30m' },
};

/**
 * A value is found in public and reported: it is replaced and revoked within minutes. `of` is the secret
 * whose value it is: that of the usual cast, or {@link APP}.
 */
export function leak({ of, reported }: { readonly of: string; readonly reported: Millis }): Episode {
  let found: string | undefined;
  let isRejected = false;
  return {
    members: of === APP ? [MEMBER] : [],
    players: [],
    acts: [
      {
        at: reported,
        async play({ stage }) {
          found = (await stage.issuerOf(of).credentials(of)).find((one) => one.live)?.value;
          stage.tell(
            `a person finds a value in a public gist and sends it to \`keyturn report-leak\`: it is ${of}'s`,
          );
          await keyturn(stage.sandbox.folder, ['report-leak', '--yes'], found);
        },
      },
      {
        at: reported + HOUR,
        async play({ stage }) {
          isRejected = found !== undefined && (await isRefused(stage.issuerOf(of), found));
          stage.tell(
            `${of}: an hour later we try the value from the gist: the issuer ` +
              (isRejected ? 'rejects it' : 'STILL ACCEPTS IT'),
          );
        },
      },
    ],
    expects: [{ secret: of, kind: 'credential-leaked' }],
    check({ facts, heard, start }) {
      const wrong = [
        ...openedAndOver(facts, of, 'credential-leaked'),
        ...toldByMailAndPager(heard, of, start + reported + 30 * MINUTE),
      ];
      const revoked = lastOf(facts, of, 'contained');
      if (revoked === undefined || lastOf(facts, of, 'replaced') === undefined)
        wrong.push('what leaked was not replaced and contained');
      if (!isRejected) wrong.push('its issuer still accepts the value that leaked');
      const minutes = revoked === undefined ? 0 : Math.ceil((revoked - start - reported) / MINUTE);
      return check(
        'The leaked value was replaced at once, and its issuer rejects it',
        wrong,
        `revoked and verified within ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} of the report`,
      );
    },
  };
}
