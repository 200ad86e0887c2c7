import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  RESTORE_WITHIN,
  WAIT_TOLD_AFTER,
  assessWaits,
  waitTimes,
} from '../../../functions/core/assessment/assess-waits.ts';
import type { FindingKind } from '../../../functions/core/findings/findings.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

interface Case {
  readonly change: Partial<Token>;
  readonly kind: FindingKind;
  readonly subject: string;
  readonly at: number;
}

const CASES: Readonly<Record<string, Case>> = {
  'what an ended rotation made and is not accounted for': {
    change: {
      attempts: [
        {
          id: 'a',
          cause: 'due',
          state: 'aborted',
          openedAt: T0,
          deadline: T0 + HOUR,
          endedAt: T0,
          mints: [{ at: T0 }],
        },
      ],
    },
    kind: 'rotation-stuck',
    subject: '',
    at: T0 + WAIT_TOLD_AFTER,
  },
  'a rotation that a person asked for and that has not succeeded': {
    change: { rotateRequestedAt: T0 },
    kind: 'rotation-stuck',
    subject: '',
    at: T0 + WAIT_TOLD_AFTER,
  },
  'a rollback that does not end': {
    change: {
      credentials: [
        {
          id: 'v',
          handle: 'h',
          origin: 'minted',
          state: 'rolling-back',
          supersededAt: T0 - DAY,
          revocationBegunAt: T0,
        },
      ],
    },
    kind: 'rollback-failed',
    subject: 'h',
    at: T0 + RESTORE_WITHIN,
  },
  'a credential that looks lost and is not looked at again': {
    change: { suspects: [{ handle: 'h', seenAt: T0 }] },
    kind: 'credential-orphaned',
    subject: 'h',
    at: T0 + WAIT_TOLD_AFTER,
  },
  'a delivery that is not taken up': {
    change: {
      consumers: [{ name: 'ci', kind: 'github', target: 'acme/billing:DEPLOY_TOKEN' }],
      attempts: [
        { id: 'v', cause: 'due', state: 'promoted', openedAt: T0, deadline: T0, mints: [], tidy: true },
      ],
      credentials: [{ id: 'v', versionId: 'v', origin: 'minted', state: 'current', promotedAt: T0 }],
    },
    kind: 'delivery-failed',
    subject: 'ci',
    at: T0 + WAIT_TOLD_AFTER,
  },
};

describe('reported when it waits too long is', () => {
  for (const [what, { change, kind, subject, at }] of Object.entries(CASES))
    it(what, () => {
      const token = aToken(change);
      assert.deepEqual(assessWaits(token, at - 1), []);
      assert.deepEqual(
        assessWaits(token, at).map((one) => [one.kind, one.subject ?? '']),
        [[kind, subject]],
      );
      assert.deepEqual(waitTimes(token), [at]);
    });

  it('nothing of a token at rest', () => assert.deepEqual(assessWaits(aToken(), T0 + 400 * DAY), []));

  it('no rotation of a token that ends', () =>
    assert.deepEqual(
      assessWaits(
        aToken({ rotateRequestedAt: T0, ending: { kind: 'retire', askedAt: T0, by: 'ana' } }),
        T0 + 400 * DAY,
      ),
      [],
    ));
});
