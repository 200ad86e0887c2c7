import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isWithdrawalStuck, withdrawalOf } from '../../../functions/core/rotation/health-signals.ts';
import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import { nextRotation } from '../../../functions/core/rotation/next-rotation.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { slotsOf } from '../../fakes/facts.ts';

const FIRING = { credentialId: 'new', signal: 'checkout-5xx', firedAt: T0 + MINUTE };

function credential(fields: Partial<Credential>): Credential {
  return {
    id: 'old',
    versionId: 'old',
    handle: 'h-old',
    origin: 'minted',
    state: 'previous',
    supersededAt: T0,
    issuedAt: T0 - 10 * DAY,
    ...fields,
  };
}

function watching(change: Partial<Token> = {}): Token {
  const fresh = credential({
    id: 'new',
    versionId: 'new',
    handle: 'h-new',
    state: 'current',
    promotedAt: T0,
    supersededAt: undefined,
    issuedAt: T0,
  });
  return aToken({
    policy: { ...DEFAULT_POLICY, healthSignals: ['checkout-5xx'], bakeTime: HOUR },
    credentials: [credential({}), fresh],
    ...change,
  });
}

function kindFor(change: Partial<Token>, firing = FIRING): string {
  return withdrawalOf(watching(change), firing).kind;
}

describe('a health signal', () => {
  test('counts from the promotion to the end of the watch, both included', () => {
    for (const [at, kind] of [
      [-1, 'none'],
      [0, 'back'],
      [HOUR, 'back'],
      [HOUR + 1, 'none'],
    ] as const)
      assert.equal(kindFor({}, { ...FIRING, firedAt: T0 + at }), kind, String(at));
  });

  test('means nothing to a token that does not name it, or whose current credential is another', () => {
    assert.equal(kindFor({}, { ...FIRING, signal: 'other' }), 'none');
    assert.equal(kindFor({}, { ...FIRING, credentialId: 'old' }), 'none');
    assert.equal(kindFor({}, { ...FIRING, credentialId: 'gone' }), 'none');
  });

  test(
    'goes back to the credential superseded last, never to one that is being revoked, leaked or cannot ' +
      'be read',
    () => {
      const before = (fields: Partial<Credential>) =>
        watching({
          credentials: [
            credential({ id: 'older', versionId: 'older', supersededAt: T0 - DAY }),
            credential(fields),
            ...watching().credentials.slice(1),
          ],
        });
      const target = (token: Token): string | undefined => {
        const decided = withdrawalOf(token, FIRING);
        return decided.kind === 'back' ? decided.to.id : undefined;
      };
      assert.equal(target(before({})), 'old');
      for (const fields of [
        { withoutGrace: true },
        { state: 'revoking' },
        { state: 'ended' },
        { versionId: undefined },
      ] satisfies Partial<Credential>[])
        assert.equal(target(before(fields)), 'older');
      assert.equal(kindFor({ credentials: watching().credentials.slice(1) }), 'stuck');
    },
  );

  test('waits while the promotion, or another rotation, is under way', () => {
    const attempt = { cause: 'due', openedAt: T0, deadline: T0 + HOUR, mints: [] } as const;
    assert.equal(kindFor({ attempts: [{ ...attempt, id: 'new', state: 'promoting' }] }), 'later');
    assert.equal(kindFor({ attempts: [{ ...attempt, id: 'next', state: 'open' }] }), 'later');
    assert.equal(kindFor({ attempts: [{ ...attempt, id: 'new', state: 'promoted' }] }), 'back');
  });

  test('that could not be heeded is told from one that was', () => {
    const withdrawn = { ...FIRING, at: T0 + MINUTE };
    assert.ok(isWithdrawalStuck(watching({ withdrawn })));
    assert.ok(!isWithdrawalStuck(watching({ withdrawn: { ...withdrawn, credentialId: 'old' } })));
    assert.ok(!isWithdrawalStuck(watching()));
  });

  test('lets a day go by before age alone makes the next rotation due', () => {
    const old = credential({
      state: 'current',
      promotedAt: T0 + MINUTE,
      supersededAt: undefined,
      issuedAt: T0 - 100 * DAY,
    });
    const back = {
      credentials: [old, credential({ id: 'new', supersededAt: T0 + MINUTE })],
      withdrawn: { ...FIRING, at: T0 + MINUTE },
    };
    const next = (change: Partial<Token>) =>
      nextRotation(watching({ ...back, ...change }), { slots: slotsOf(5) }, T0 + MINUTE);
    assert.equal(next({})?.at, T0 + MINUTE + DAY);
    assert.equal(next({ rotateRequestedAt: T0 + HOUR })?.at, T0 + HOUR);
  });
});
