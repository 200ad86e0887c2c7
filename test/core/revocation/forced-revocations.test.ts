import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  AGE_PATIENCE,
  containBy,
  currentEndedByForcedRevocation,
  forcedRevocationOf,
  standingForcedRevocation,
} from '../../../functions/core/revocation/forced-revocations.ts';
import { agenda } from '../../../functions/core/assessment/due-times.ts';
import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Incident } from '../../../functions/core/token/incident.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { NO_LAGS, slotsOf } from '../../fakes/facts.ts';

const CURRENT: Credential = {
  id: 'v1',
  versionId: 'v1',
  handle: 'h1',
  origin: 'minted',
  state: 'current',
  issuedAt: T0,
  promotedAt: T0,
};
const LEAK: Incident = {
  id: 'h1',
  exposed: [{ id: 'v1', handle: 'h1' }],
  source: 'a scanner',
  reportedAt: T0,
};
const FACTS = { slots: slotsOf(9), lags: NO_LAGS };

function ordering(
  change: Partial<Token> = {},
  policy: Partial<Token['policy']> = { onContainmentDeadline: 'revoke', containmentDeadline: HOUR },
): Token {
  return aToken({
    credentials: [CURRENT],
    incidents: [LEAK],
    ...change,
    policy: { ...DEFAULT_POLICY, ...policy },
  });
}

describe('an order to revoke what is current', () => {
  it('stands once a leak was not answered in time, if the policy says so in words', () => {
    const token = ordering();
    assert.deepEqual(forcedRevocationOf(token, CURRENT), {
      cause: 'incident',
      incident: 'h1',
      at: T0 + HOUR,
    });
    assert.equal(containBy(token, LEAK), T0 + HOUR);
    assert.equal(standingForcedRevocation(token, CURRENT, T0 + HOUR - 1), undefined);
    assert.ok(standingForcedRevocation(token, CURRENT, T0 + HOUR));
    assert.equal(
      forcedRevocationOf(ordering({}, {}), CURRENT),
      undefined,
      'page is what a policy says unless told',
    );
  });

  it('is none for what did not leak, is not current, is held, or was replaced', () => {
    assert.equal(forcedRevocationOf(ordering(), { ...CURRENT, id: 'v2', handle: 'h2' }), undefined);
    assert.equal(forcedRevocationOf(ordering(), { ...CURRENT, state: 'previous' }), undefined);
    assert.equal(forcedRevocationOf(ordering({ incidents: [{ ...LEAK, held: true }] }), CURRENT), undefined);
    assert.equal(
      forcedRevocationOf(ordering({ incidents: [{ ...LEAK, containedAt: T0, replacedAt: T0 }] }), CURRENT),
      undefined,
    );
  });

  it('stands for one past its highest age that no rotation under way will replace', () => {
    const policy = { onMaxAge: 'revoke', maxAge: 90 * DAY } as const;
    const late = T0 + 90 * DAY + AGE_PATIENCE;
    assert.deepEqual(forcedRevocationOf(ordering({ incidents: [] }, policy), CURRENT), {
      cause: 'max-age',
      at: late,
    });
    const busy = ordering(
      {
        incidents: [],
        attempts: [
          { id: 'a', cause: 'due', state: 'open', openedAt: late, deadline: late + MINUTE, mints: [] },
        ],
      },
      policy,
    );
    assert.equal(forcedRevocationOf(busy, CURRENT), undefined);
    assert.equal(forcedRevocationOf(ordering({ incidents: [] }, {}), CURRENT), undefined);
  });

  it('gives a rotation two hours first', () => assert.equal(AGE_PATIENCE, 2 * HOUR));

  it('stands from when a person ended the token, and not when it was only let go, or has ended', () => {
    const ending = { kind: 'retire', askedAt: T0, by: 'ana' } as const;
    assert.deepEqual(forcedRevocationOf(ordering({ incidents: [], ending }, {}), CURRENT), {
      cause: 'retirement',
      at: T0,
    });
    assert.equal(
      forcedRevocationOf(ordering({ incidents: [], ending: { ...ending, kind: 'detach' } }, {}), CURRENT),
      undefined,
    );
    assert.equal(
      forcedRevocationOf(ordering({ incidents: [], ending: { ...ending, endedAt: T0 } }, {}), CURRENT),
      undefined,
    );
  });

  it('that there is not stands at no time', () =>
    assert.equal(
      standingForcedRevocation(ordering({ incidents: [] }, {}), CURRENT, T0 + 999 * DAY),
      undefined,
    ));

  it('is on the agenda for its time', () => {
    assert.ok(
      agenda(ordering(), FACTS, T0).some(
        (action) => action.kind === 'retire' && action.at === T0 + HOUR && action.credentialId === 'v1',
      ),
    );
    assert.ok(!agenda(ordering({}, {}), FACTS, T0).some((action) => action.kind === 'retire'));
  });

  it('is told apart from other ends: only while nothing is current', () => {
    const ended: Credential = { ...CURRENT, state: 'ended', forcedRevocation: { cause: 'incident', at: T0 } };
    assert.equal(currentEndedByForcedRevocation(aToken({ credentials: [ended] }))?.id, 'v1');
    assert.equal(
      currentEndedByForcedRevocation(aToken({ credentials: [ended, { ...CURRENT, id: 'v2' }] })),
      undefined,
    );
    assert.equal(
      currentEndedByForcedRevocation(aToken({ credentials: [{ ...CURRENT, state: 'ended' }] })),
      undefined,
    );
  });
});
