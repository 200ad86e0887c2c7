import { DAY, type Millis } from '../../../../functions/core/basics/time.ts';
import { GROUP } from '../cast.ts';
import type { Episode } from '../episode.ts';
import { toldByMailAndPager, check } from '../checks.ts';

/**
 * A token that ends within days loses its grant: it cannot be rotated, until the operator has read the
 * alert.
 */
export function lostGrant(when: { lost: Millis; mended: Millis; endsAfter: Millis }): Episode {
  return {
    // It is one of the usual cast.
    members: [],
    players: [],
    acts: [
      {
        at: when.lost,
        async play({ stage, owner }) {
          await owner.withhold('gitlab', GROUP);
          stage.tell(
            `${GROUP}: an operator edits the admin secret of GitLab and drops the grant of this token: ` +
              'it cannot be rotated any more, and expires in days',
          );
        },
      },
      {
        at: when.mended,
        async play({ stage, owner }) {
          await owner.giveBack('gitlab', GROUP);
          stage.tell(`${GROUP}: the operator has read the alert and puts the grant back`);
        },
      },
    ],
    expects: [{ secret: GROUP, kind: 'secret-unusable' }],
    // Its issuer keeps days only.
    check: ({ heard, start }) =>
      check(
        'The token that could not be rotated: one alert and one resolve by mail and by pager, before ' +
          'it ended',
        toldByMailAndPager(heard, GROUP, start + when.endsAfter - DAY),
        'secret-unusable',
      ),
  };
}
