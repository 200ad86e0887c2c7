import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import {
  DISABLE_WAIT,
  disabledUntil,
  endDueAt,
  isDisabled,
  mayBeDisabled,
} from '../../../functions/core/token/disabled.ts';
import { currentAgain } from '../../../functions/core/token/transitions.ts';
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

  it('has a day, and is late after that', () => {
    assert.equal(DISABLE_WAIT, DAY);
    assert.equal(disabledUntil(OFF), T0 + DAY);
    assert.equal(disabledUntil(ONE), undefined);
    assert.equal(endDueAt(OFF, T0 - HOUR), T0 + DAY);
    assert.equal(endDueAt(OFF, T0 + 2 * DAY), T0 + 2 * DAY);
    assert.equal(endDueAt(ONE, T0), T0);
  });

  it('is looked at anew once it is current again', () =>
    assert.equal(mayBeDisabled(currentAgain({ ...OFF, notDisabledAt: T0 }, T0)), false));
});
