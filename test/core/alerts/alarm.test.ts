import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlarmNotice } from '../../../functions/core/alerts/alarm.ts';
import { T0 } from '../../fakes/tokens.ts';

const NOTICE = {
  AlarmName: 'a',
  AlarmDescription: null,
  NewStateValue: 'ALARM',
  NewStateReason: 'why',
  StateChangeTime: '2026-01-05T09:00:00.000+0000',
  Region: 'EU (Frankfurt)',
  Trigger: {},
};

test('the time of an alarm is read with the offset as CloudWatch writes it', () => {
  for (const StateChangeTime of [
    '2026-01-05T09:00:00.000+0000',
    '2026-01-05T10:30:00.000+0130',
    '2026-01-05T09:00:00.000Z',
  ])
    assert.equal(AlarmNotice.parse({ ...NOTICE, StateChangeTime }).StateChangeTime, T0);
});

test('an alarm without a time, a name or a state is none', () => {
  for (const change of [{ StateChangeTime: 'soon' }, { AlarmName: '' }, { NewStateValue: 'BAD' }])
    assert.equal(AlarmNotice.safeParse({ ...NOTICE, ...change }).success, false);
});
