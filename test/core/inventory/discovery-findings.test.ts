import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { credentialKeys, type Holdings } from '../../../functions/core/inventory/credential-holders.ts';
import { discovered } from '../../../functions/core/inventory/discovery-findings.ts';
import type { DiscoverySettings } from '../../../functions/core/inventory/discovery-settings.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const SETTINGS: DiscoverySettings = {
  owners: [],
  unusedAfter: 90 * DAY,
  prefixes: [],
  ignore: [],
  trail: false,
};

const NO_HOLDERS: Holdings = { holders: new Map(), handles: new Set() };

const CURRENT: Credential = {
  id: 'v',
  handle: 'h',
  fingerprint: 'abcdefabcdefabcdef',
  origin: 'minted',
  state: 'current',
};

function found(
  token: Partial<Token>,
  settings: Partial<DiscoverySettings> = {},
  holdings = NO_HOLDERS,
  now = T0,
): string[] {
  return discovered(aToken(token), holdings, { ...SETTINGS, ...settings }, now).map(
    (one) => `${one.kind}: ${one.detail}`,
  );
}

function approved(at = T0): Token['reviews'] {
  return [{ at, request: at, by: 'x', decision: 'approved' }];
}

describe('discovery', () => {
  it('finds tokens without an owner, and owners that the settings do not know', () => {
    for (const owner of ['', ' ', 'unknown', 'None'])
      assert.match(found({ owner })[0] ?? '', /^owner-missing: .*names no owner/);
    assert.deepEqual(found({ owner: 'team-x' }), []);
    assert.match(found({ owner: 'team-x' }, { owners: ['team-y'] })[0] ?? '', /says "team-x"/);
    assert.deepEqual(found({ owner: 'team-y' }, { owners: ['team-y'] }), []);
  });

  it('finds tokens that several services use, not several variables of one', () => {
    const consumers = (...targets: string[]): Token['consumers'] =>
      targets.map((target, index) => ({ name: `c${index}`, kind: 'github', target }));
    assert.deepEqual(found({ consumers: consumers('acme/a:X', 'acme/a:Y') }), []);
    assert.deepEqual(
      found({
        consumers: [
          { name: 'a', kind: 'github', target: 'acme/a:X' },
          { name: 'b', kind: 'ecs', target: 'prod/a' },
        ],
      }),
      [],
      'one service in two places',
    );
    assert.match(
      found({ consumers: consumers('acme/a:X', 'acme/b:X') })[0] ?? '',
      /^token-shared: 2 services use it: github acme\/a, github acme\/b\.$/,
    );
    assert.deepEqual(
      found({ consumers: consumers('acme/a:X', 'acme/b:X'), reviews: approved() }),
      [],
      'a person said that it is meant',
    );
  });

  it('finds one credential in two tokens, by fingerprint or handle, and names the others', () => {
    const token = aToken({ name: 'one', credentials: [CURRENT] });
    const holders = new Map(credentialKeys(token).map((key) => [key, ['one', 'two', 'three']]));
    assert.deepEqual(found({ name: 'one', credentials: [CURRENT] }, {}, { ...NO_HOLDERS, holders }), [
      'credential-duplicated: The same credential (fingerprint abcdefabcdef) is also in three, two.',
    ]);
  });

  it('finds tokens unused for long, only where the issuer tells', () => {
    assert.deepEqual(found({ enrolledAt: T0 - 900 * DAY }), []);
    assert.deepEqual(found({ use: { since: T0 - 90 * DAY + 1 } }), []);
    assert.match(
      found({ use: { since: T0 - 90 * DAY } })[0] ?? '',
      /^token-unused: The issuer saw no use of it since/,
    );
    assert.deepEqual(found({ use: { since: T0 - 300 * DAY, last: T0 - DAY } }), []);
    assert.match(
      found({ use: { since: T0 - 300 * DAY, last: T0 - 91 * DAY } })[0] ?? '',
      /^token-unused: It was last used 2025-10-06/,
    );
    assert.deepEqual(found({ use: { since: T0 - 90 * DAY }, reviews: approved() }), []);
  });

  it('finds credentials beside a token that no token knows, and not those of another token', () => {
    const unrecognizedCredentials = ['a', 'b'];
    assert.match(
      found({ unrecognizedCredentials })[0] ?? '',
      /^credential-unrecognized: The issuer lists 2 active credentials .*: a, b\.$/,
    );
    assert.match(
      found({ unrecognizedCredentials }, {}, { ...NO_HOLDERS, handles: new Set(['gitlab a']) })[0] ?? '',
      /lists 1 active credential .*: b\.$/,
    );
  });

  it('says the same on every day', () => {
    const token = { owner: 'none', use: { since: T0 - 90 * DAY }, unrecognizedCredentials: ['a'] };
    assert.deepEqual(found(token), found(token, {}, NO_HOLDERS, T0 + 50 * DAY));
  });
});
