import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serviceOf } from '../../../functions/core/inventory/metric-names.ts';

test('installations in one account have metrics of their own', () => {
  assert.notEqual(serviceOf('main'), serviceOf('eu'));
});
