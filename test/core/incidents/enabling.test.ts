import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import {
  enableable,
  notTakenBack,
  whyNotEnabled,
  withEnabled,
  withReportTakenBack,
} from '../../../functions/core/incidents/enabling.ts';
import { credentialOf } from '../../../functions/core/token/lookups.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const OFF: Credential = {
  id: 'v',
  handle: 'h',
  origin: 'minted',
  state: 'revoking',
  withoutGrace: true,
  reason: 'it leaked (a scanner)',
  supersededAt: T0 - DAY,
  disabledAt: T0,
};
const LEAK = { id: 'h', exposed: [{ id: 'v', handle: 'h' }], source: 'a scanner', reportedAt: T0 };
const WISH = { credentialId: 'v', by: 'ana', reason: 'a test value', now: T0 + HOUR };

function tokenOf(fields: Partial<Credential> = {}, change: Partial<Token> = {}): Token {
  return aToken({ credentials: [{ ...OFF, ...fields }], incidents: [LEAK], ...change });
}

describe('enabling a disabled credential', () => {
  for (const [what, fields, said] of [
    ['is revoked', { state: 'ended', endedAt: T0 }, /nothing brings it back/],
    ['is being revoked', { revokedAt: T0 }, /nothing brings it back/],
    ['is not disabled', { disabledAt: undefined }, /is not disabled/],
    ['has to be revoked for a person', { askedBy: 'bob' }, /bob asked for it/],
    ['was forgotten', { state: 'ended', forgotten: { at: T0, by: 'b', reason: 'r' } }, /forgotten/],
  ] as const)
    it(`is refused in one sentence where it ${what}`, () => {
      const token = tokenOf(fields);
      assert.match(whyNotEnabled(token, { ...OFF, ...fields }) ?? '', said);
      assert.throws(
        () => enableable(token, 'v'),
        (error) => error instanceof KeyturnError && error.code === 'bad-request' && said.test(error.message),
      );
    });

  it('is refused where the token is to end, and where there is no such credential', () => {
    const ending = { kind: 'retire', askedAt: T0, by: 'ana' } as const;
    assert.match(whyNotEnabled(tokenOf({}, { ending }), OFF) ?? '', /ended the token/);
    assert.throws(
      () => enableable(tokenOf(), 'other'),
      (error) => error instanceof KeyturnError && error.code === 'not-found',
    );
  });

  it('takes the report back first, and gives it its grace period anew', () => {
    const token = withReportTakenBack(tokenOf(), WISH);
    const one = credentialOf(token, 'v');
    assert.equal(one?.state, 'previous');
    assert.equal(one.withoutGrace, undefined);
    assert.equal(one.reason, undefined);
    assert.equal(one.supersededAt, WISH.now);
    assert.equal(one.disabledAt, T0, 'it stays disabled until its issuer says otherwise');
    assert.deepEqual(token.incidents, []);
    assert.equal(withReportTakenBack(token, { ...WISH, now: T0 + DAY }), token);
  });

  it('leaves in an incident what else leaked', () => {
    const both = { ...LEAK, exposed: [...LEAK.exposed, { id: 'w', handle: 'i' }] };
    const token = withReportTakenBack(tokenOf({}, { incidents: [both] }), WISH);
    assert.deepEqual(
      token.incidents?.map(({ exposed }) => exposed),
      [[{ id: 'w', handle: 'i' }]],
    );
  });

  it('is told once, when its issuer said so', () => {
    const token = withEnabled(withReportTakenBack(tokenOf(), WISH), WISH);
    assert.equal(credentialOf(token, 'v')?.disabledAt, undefined);
    const facts = token.outbox.map((one) => one.type === 'lifecycle' && one.what);
    assert.deepEqual(facts, ['requested', 'enabled']);
    assert.equal(withEnabled(token, WISH), token);
  });

  it('outdates what was reported until then, and nothing later', () => {
    const token = withReportTakenBack(tokenOf(), WISH);
    assert.deepEqual(notTakenBack(token, LEAK.exposed, WISH.now), []);
    assert.deepEqual(notTakenBack(token, LEAK.exposed, WISH.now + 1), LEAK.exposed);
    assert.deepEqual(notTakenBack(tokenOf(), LEAK.exposed, T0), LEAK.exposed);
  });
});
