import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TrailEvent } from '../../../functions/core/detection/trail-event.ts';
import { rawEvent } from '../../detect/events.ts';

test('an event of another major version, or without its time, is refused; unknown fields are not', () => {
  assert.equal(TrailEvent.safeParse(rawEvent({ eventVersion: '2.0' })).success, false);
  assert.equal(TrailEvent.safeParse(rawEvent({ eventTime: 'yesterday' })).success, false);
  assert.equal(TrailEvent.safeParse(rawEvent({ eventVersion: '1.11', somethingNew: { deep: true } })).success, true);
});
