import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { DAY } from '../../../functions/core/basics/time.ts';
import type { Owned } from '../../../functions/core/incidents/leak-reports.ts';
import type { Shown } from '../../../functions/core/issuer/provider.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0 } from '../../fakes/tokens.ts';
import { bench, type Bench, type Run } from '../harness.ts';
import { attempt, healthy } from '../tokens.ts';

const VALUE = `github_pat_${'CANARY'.padEnd(22, '0')}_${'a'.repeat(59)}`;
const GOOD: Shown = { outcome: 'active', account: 'users/1', called: 'robot', expiresAt: T0 + 90 * DAY };
const REACH = { host: 'api.github.com', basePath: '', account: 'users/1' };

async function tokenWith(change: Partial<Token> = {}, shown: Shown = GOOD): Promise<Bench> {
  const self = bench();
  await self.put(healthy('ci/github', { provider: 'github', reach: REACH, ...change }));
  self.shown = () => shown;
  self.input = `${VALUE}\n`;
  return self;
}

/** Nothing was stored or asked for, and the value is nowhere. */
function assertRefused(self: Bench, { exit, out, err }: Run, says: RegExp): void {
  assert.notEqual(exit, 0);
  assert.match(err, says);
  assert.equal(err.trim().split('\n').length, 1, 'one sentence');
  assert.deepEqual([self.submitted, self.sent], [[], []]);
  assert.ok(!`${out}${err}${self.questions.join('')}`.includes('CANARY'));
}

describe('rotate --value-stdin', () => {
  it('asks the issuer, stores the bare value, asks for a rotation, and shows it nowhere', async () => {
    const self = await tokenWith();
    const { exit, out, err } = await self.keyturn('rotate', 'ci/github', '--value-stdin');
    assert.equal(exit, 0, err);
    assert.deepEqual(self.asked, ['github as users/1']);
    assert.deepEqual(
      self.submitted.map(({ value }) => value),
      [VALUE],
    );
    assert.deepEqual(
      self.sent.map(({ command }) => command.kind),
      ['rotate'],
    );
    assert.ok(!`${out}${err}`.includes('CANARY'));
  });

  it('asks for it without showing it on a terminal', async () => {
    const self = await tokenWith();
    Object.assign(self, { input: undefined, answer: '', hidden: VALUE });
    assert.equal((await self.keyturn('rotate', 'ci/github', '--value-stdin')).exit, 0);
    assert.deepEqual(self.questions, ['The new value (not shown): ']);
    assert.equal(self.submitted.length, 1);
  });

  const owned = (change: Partial<Owned>): Owned => ({
    tokenId: 'ci/github-AbC123',
    name: 'ci/github',
    provider: 'github',
    owner: 'team-test',
    fingerprint: '3:ab',
    state: 'current',
    isKnown: false,
    isDetached: false,
    ...change,
  });
  const cases: readonly [
    string,
    RegExp,
    { shown?: Shown; token?: Partial<Token>; input?: string; owned?: Owned },
  ][] = [
    [
      'of the wrong account',
      /belongs to other \(users\/2\)/,
      { shown: { ...GOOD, account: 'users/2', called: 'other' } },
    ],
    [
      'with fewer scopes',
      /lacks the scopes repo/,
      { shown: { ...GOOD, scopes: [] }, token: { wantedScopes: ['repo'] } },
    ],
    ['that expires too soon', /too soon for the policy/, { shown: { ...GOOD, expiresAt: T0 + DAY } }],
    ['that its issuer rejects', /rejects it/, { shown: { outcome: 'inactive' } }],
    [
      'of which its issuer says nothing',
      /does not say whose it is/,
      { shown: { outcome: 'unknown', reason: 'No answer.' } },
    ],
    ['that is the current one', /is the current value already/, { owned: owned({}) }],
    ['that leaked', /reported as leaked/, { owned: owned({ isKnown: true }) }],
    [
      'of another token',
      /is a value of ci\/other already/,
      { owned: owned({ tokenId: 'x', name: 'ci/other' }) },
    ],
    ['that is no value of the issuer', /send the bare value alone/, { input: 'GITHUB_TOKEN=CANARY' }],
    ['that is missing', /No value was given/, { input: ' \n' }],
    ['while a rotation is under way', /is under way/, { token: { attempts: [attempt()] } }],
  ];
  for (const [what, says, given] of cases)
    it(`refuses one ${what} before anything is stored`, async () => {
      const self = await tokenWith(given.token, given.shown);
      if (given.input !== undefined) self.input = given.input;
      if (given.owned) self.owned.set(createHash('sha256').update(VALUE).digest('hex'), [given.owned]);
      assertRefused(self, await self.keyturn('rotate', 'ci/github', '--value-stdin'), says);
    });

  it('is refused where the issuer makes the values', async () => {
    const self = bench();
    await self.put(healthy('prod/x'));
    self.input = VALUE;
    assertRefused(self, await self.keyturn('rotate', 'prod/x', '--value-stdin'), /need no value from you/);
  });
});

it('rotate without a value says where to create one, where only a person can', async () => {
  const self = await tokenWith();
  assertRefused(
    self,
    await self.keyturn('rotate', 'ci/github'),
    /Only a person can create .*github\.com\/settings/,
  );
});
