import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  approvedUntil,
  credentialKeys,
  discovered,
  handleKeys,
  withStrangers,
  type DiscoverySettings,
  type Holdings,
} from '../../functions/core/discovery.ts';
import { DAY } from '../../functions/core/time.ts';
import type { Generation, Token } from '../../functions/core/token.ts';
import { T0, aToken } from '../fakes/tokens.ts';

const SETTINGS: DiscoverySettings = {
  owners: [],
  unusedAfter: 90 * DAY,
  prefixes: [],
  ignore: [],
  trail: false,
};
const NOBODY: Holdings = { holders: new Map(), handles: new Set() };
const CURRENT: Generation = {
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
      assert.match(found({ owner })[0] ?? '', /^ownerless: .*names nobody/);
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
      /^shared: 2 services use it: github acme\/a, github acme\/b\.$/,
    );
    assert.deepEqual(
      found({ consumers: consumers('acme/a:X', 'acme/b:X'), reviews: approved() }),
      [],
      'a person said that it is meant',
    );
  });

  it('finds one credential in two tokens, by fingerprint or handle, and names the others', () => {
    const token = aToken({ name: 'one', generations: [CURRENT] });
    const holders = new Map(credentialKeys(token).map((key) => [key, ['one', 'two', 'three']]));
    assert.deepEqual(found({ name: 'one', generations: [CURRENT] }, {}, { ...NOBODY, holders }), [
      'duplicate: The same credential (fingerprint abcdefabcdef) is also in three, two.',
    ]);
    assert.deepEqual(
      credentialKeys(aToken({ generations: [{ ...CURRENT, state: 'dead' }] })),
      [],
      'what is dead meets nobody',
    );
  });

  it('finds tokens unused for long, only where the issuer tells', () => {
    assert.deepEqual(found({ enrolledAt: T0 - 900 * DAY }), []);
    assert.deepEqual(found({ use: { since: T0 - 90 * DAY + 1 } }), []);
    assert.match(
      found({ use: { since: T0 - 90 * DAY } })[0] ?? '',
      /^unused: The issuer saw nobody use it since/,
    );
    assert.deepEqual(found({ use: { since: T0 - 300 * DAY, last: T0 - DAY } }), []);
    assert.match(
      found({ use: { since: T0 - 300 * DAY, last: T0 - 91 * DAY } })[0] ?? '',
      /^unused: It was last used 2025-10-06/,
    );
    assert.deepEqual(found({ use: { since: T0 - 90 * DAY }, reviews: approved() }), []);
  });

  it('finds credentials beside a token that no token knows, and not those of another token', () => {
    const strangers = ['a', 'b'];
    assert.match(
      found({ strangers })[0] ?? '',
      /^unknown-credential: The issuer lists 2 live credentials .*: a, b\.$/,
    );
    assert.match(
      found({ strangers }, {}, { ...NOBODY, handles: new Set(['gitlab a']) })[0] ?? '',
      /lists 1 live credential .*: b\.$/,
    );
    assert.deepEqual(handleKeys(aToken({ generations: [CURRENT] })), ['gitlab h']);
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
    const token = { owner: 'none', use: { since: T0 - 90 * DAY }, strangers: ['a'] };
    assert.deepEqual(found(token), found(token, {}, NOBODY, T0 + 50 * DAY));
  });
});

describe('strangers', () => {
  const token = aToken({ generations: [CURRENT], suspects: [{ handle: 's', seenAt: T0 }] });
  const listed = (handle: string, name?: string, active = true) => ({
    handle,
    state: active ? ('active' as const) : ('revoked' as const),
    active,
    ...(name === undefined ? {} : { name }),
  });

  it("are live credentials that the token does not know, that are not looked into already and carry nobody's marker", () => {
    const seen = withStrangers(token, [
      listed('h'),
      listed('s'),
      listed('x', 'keyturn-0123456789-abcdefabcdef-1'),
      listed('y', 'made by hand'),
      listed('z', 'old', false),
    ]);
    assert.deepEqual(seen.strangers, ['y']);
    assert.equal(withStrangers(seen, [listed('y', 'made by hand')]), seen);
    assert.equal(withStrangers(seen, undefined), seen);
  });
});
