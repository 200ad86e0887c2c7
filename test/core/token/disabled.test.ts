import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import {
  disabledUntil,
  endDueAt,
  isDisabled,
  mayBeDisabled,
} from '../../../functions/core/token/disabled.ts';
import { currentAgain } from '../../../functions/core/token/transitions.ts';
import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import { T0 } from '../../fakes/tokens.ts';

const ONE: Credential = { id: 'v', handle: 'h', origin: 'minted', state: 'revoking' };
const OFF: Credential = { ...ONE, disabledAt: T0 };

describe('a disabled credential', () => {
  it('is disabled until its end is verified, and then it is revoked', () => {
    assert.equal(isDisabled(OFF), true);
    assert.equal(isDisabled({ ...OFF, revokedAt: T0 + DAY }), true);
    assert.equal(isDisabled({ ...OFF, state: 'ended' }), false);
    assert.equal(isDisabled({ ...ONE, notDisabledAt: T0 }), false);
  });

  it('may be disabled where its issuer was ever asked for it', () => {
    assert.deepEqual([ONE, OFF, { ...ONE, notDisabledAt: T0 }].map(mayBeDisabled), [false, true, true]);
  });

  it('has a day where its policy says nothing, and is late after that', () => {
    const token = { policy: DEFAULT_POLICY };
    assert.equal(disabledUntil(token, OFF), T0 + DAY);
    assert.equal(disabledUntil(token, ONE), undefined);
    assert.equal(endDueAt(token, OFF, T0 - HOUR), T0 + DAY);
    assert.equal(endDueAt(token, OFF, T0 + 2 * DAY), T0 + 2 * DAY);
    assert.equal(endDueAt(token, ONE, T0), T0);
  });

  it('has the time that its policy says now', () => {
    const token = { policy: { ...DEFAULT_POLICY, disableWait: 3 * HOUR } };
    assert.equal(disabledUntil(token, OFF), T0 + 3 * HOUR);
    assert.equal(endDueAt(token, OFF, T0 + 2 * HOUR), T0 + 3 * HOUR);
  });

  it('is looked at anew once it is current again', () =>
    assert.equal(mayBeDisabled(currentAgain({ ...OFF, notDisabledAt: T0 }, T0)), false));
});
