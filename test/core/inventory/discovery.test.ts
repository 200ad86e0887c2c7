import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  approvedUntil,
  credentialKeys,
  discovered,
  handleKeys,
  withUnrecognizedCredentials,
  type DiscoverySettings,
  type Holdings,
} from '../../../functions/core/inventory/discovery.ts';
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
const NOBODY: Holdings = { holders: new Map(), handles: new Set() };
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
  holdings = NOBODY,
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
  it('finds tokens that nobody owns, and owners that the settings do not know', () => {
    for (const owner of ['', ' ', 'unknown', 'None'])
      assert.match(found({ owner })[0] ?? '', /^owner-missing: .*names nobody/);
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
    assert.deepEqual(found({ name: 'one', credentials: [CURRENT] }, {}, { ...NOBODY, holders }), [
      'credential-duplicated: The same credential (fingerprint abcdefabcdef) is also in three, two.',
    ]);
    assert.deepEqual(
      credentialKeys(aToken({ credentials: [{ ...CURRENT, state: 'ended' }] })),
      [],
      'what is dead meets nobody',
    );
  });

  it('finds tokens unused for long, only where the issuer tells', () => {
    assert.deepEqual(found({ enrolledAt: T0 - 900 * DAY }), []);
    assert.deepEqual(found({ use: { since: T0 - 90 * DAY + 1 } }), []);
    assert.match(
      found({ use: { since: T0 - 90 * DAY } })[0] ?? '',
      /^token-unused: The issuer saw nobody use it since/,
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
      /^credential-unrecognized: The issuer lists 2 live credentials .*: a, b\.$/,
    );
    assert.match(
      found({ unrecognizedCredentials }, {}, { ...NOBODY, handles: new Set(['gitlab a']) })[0] ?? '',
      /lists 1 live credential .*: b\.$/,
    );
    assert.deepEqual(handleKeys(aToken({ credentials: [CURRENT] })), ['gitlab h']);
  });

  it('an approval holds for as long as the settings say, and a refusal is none', () => {
    const token = aToken({ reviews: approved() });
    assert.equal(approvedUntil(token, {}), Infinity);
    assert.equal(approvedUntil(token, { reviewEvery: DAY }), T0 + DAY);
    assert.equal(
      approvedUntil(aToken({ reviews: [{ at: T0, request: 1, by: 'x', decision: 'refused' }] }), {}),
      0,
    );
  });

  it('says the same on every day', () => {
    const token = { owner: 'none', use: { since: T0 - 90 * DAY }, unrecognizedCredentials: ['a'] };
    assert.deepEqual(found(token), found(token, {}, NOBODY, T0 + 50 * DAY));
  });
});

describe('strangers', () => {
  const token = aToken({ credentials: [CURRENT], suspects: [{ handle: 's', seenAt: T0 }] });
  const listed = (handle: string, name?: string, active = true) => ({
    handle,
    state: active ? ('active' as const) : ('revoked' as const),
    active,
    ...(name === undefined ? {} : { name }),
  });

  it("are live credentials that the token does not know, that are not looked into already and carry nobody's marker", () => {
    const seen = withUnrecognizedCredentials(token, [
      listed('h'),
      listed('s'),
      listed('x', 'keyturn-0123456789-abcdefabcdef-1'),
      listed('y', 'made by hand'),
      listed('z', 'old', false),
    ]);
    assert.deepEqual(seen.unrecognizedCredentials, ['y']);
    assert.equal(withUnrecognizedCredentials(seen, [listed('y', 'made by hand')]), seen);
    assert.equal(withUnrecognizedCredentials(seen, undefined), seen);
  });
});
