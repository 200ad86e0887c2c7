import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reading } from '../../../functions/core/detection/readers.ts';
import { usageOf } from '../../../functions/core/inventory/usage.ts';
import { DiscoverySettings } from '../../../functions/core/inventory/discovery-settings.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const SETTINGS = DiscoverySettings.parse({ trail: true });

function read(principal: string, change: Partial<Reading> = {}): Reading {
  return {
    principal,
    role: undefined,
    at: T0,
    network: '10.0.0.0/16',
    version: 'v',
    isKnown: true,
    ...change,
  };
}

function seen(
  readings: readonly Reading[],
  token: Partial<Token> = {},
  settings = SETTINGS,
  now = T0,
): string[] {
  return usageOf(aToken(token), readings, settings, now).map((one) => `${one.kind}: ${one.detail}`);
}

test(
  'a token that several services read is shared; people, services of AWS, strangers and those who are ' +
    'gone do not count',
  () => {
    const two = [read('role/web'), read('444455556666:lambda/report')];
    assert.deepEqual(seen(two), ['token-shared: 2 services read it: 444455556666:lambda/report, role/web.']);
    for (const other of [
      read('user/anna'),
      read('aws/ecs.amazonaws.com'),
      read('root'),
      read('role/people/admin:anna'),
      read('sso/Admin/anna@example.com'),
      read('role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1'),
      read('role/who', { isKnown: false }),
      read('role/gone', { at: T0 - 30 * DAY }),
    ])
      assert.deepEqual(seen([read('role/web'), other]), [], other.principal);
    assert.deepEqual(
      seen(two, { reviews: [{ at: T0, request: 1, by: 'x', decision: 'approved' }] }),
      [],
      'a person said that it is meant',
    );
  },
);

test('a token that was not read for long is unused, where its issuer does not report use', () => {
  const old = [read('role/web', { at: T0 - 90 * DAY })];
  assert.deepEqual(seen(old), [
    'token-unused: It was last read 2025-10-07T09:00:00Z, by role/web, more than 90d ago.',
  ]);
  assert.deepEqual(seen(old, {}, SETTINGS, T0 + 9 * DAY), seen(old), 'the same on every day');
  assert.deepEqual(
    [seen([read('role/web', { at: T0 - 89 * DAY })]), seen(old, { use: { since: T0 - 9 * DAY } }), seen([])],
    [[], [], []],
  );
});

test('without a trail what was seen once says nothing', () => {
  assert.deepEqual(
    seen(
      [read('role/web'), read('role/batch'), read('role/c', { at: T0 - 400 * DAY })],
      {},
      DiscoverySettings.parse({}),
    ),
    [],
  );
});
