import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import { nextRotation, rotationWish } from '../../../functions/core/rotation/next-rotation.ts';
import { notReplaced, replacing, whyNotReplaced } from '../../../functions/core/rotation/replacement.ts';
import { slotsLeft } from '../../../functions/core/rotation/slots.ts';
import { isOut } from '../../../functions/core/token/exposure.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Incident } from '../../../functions/core/token/incident.ts';
import { currentOf } from '../../../functions/core/token/lookups.ts';
import { promoted } from '../../../functions/core/token/promotion.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { DAY, MINUTE } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const ONE = { slots: { names: ['secret'], of: ['application'] } } as const;
const MANY = { slots: { count: 'many', of: ['application'] } } as const;
const TWO = { slots: { names: ['a', 'b'], of: ['application'] } } as const;
const WORD = { ...DEFAULT_POLICY, overlap: 'none' } as const;
const CURRENT: Credential = {
  id: 'v',
  versionId: 'v',
  handle: 'h',
  fingerprint: '3:f',
  origin: 'adopted',
  state: 'current',
  promotedAt: T0,
};
const BY = { attempt: 'a', account: 'auth0.test/clients/1', at: T0 + MINUTE };

function token(change: Partial<Token> = {}): Token {
  return aToken({ policy: WORD, credentials: [CURRENT], ...change });
}

function incident(change: Partial<Incident> = {}): Incident {
  return { id: 'i', exposed: [{ id: 'v', handle: 'h' }], source: 'a test', reportedAt: T0, ...change };
}

describe('a rotation whose creation ends the current value', () => {
  it('begins with the word of the policy, and without it never', () => {
    assert.equal(whyNotReplaced(token(), ONE), undefined);
    const wordless = token({ policy: DEFAULT_POLICY });
    assert.match(whyNotReplaced(wordless, ONE) ?? '', /keyturn:overlap=none/);
    assert.equal(nextRotation(wordless, ONE, T0 + 40 * DAY), undefined);
    assert.ok(nextRotation(token(), ONE, T0 + 40 * DAY));
    for (const facts of [MANY, TWO, {}]) assert.equal(whyNotReplaced(wordless, facts), undefined);
  });

  it('begins without it where the current value leaked and somebody has to answer that now', () => {
    const leaked = token({ policy: DEFAULT_POLICY, incidents: [incident()] });
    assert.equal(whyNotReplaced(leaked, ONE), undefined);
    const held = token({ policy: DEFAULT_POLICY, incidents: [incident({ held: true })] });
    assert.ok(whyNotReplaced(held, ONE));
    const other = token({ policy: DEFAULT_POLICY, incidents: [incident({ exposed: [{ id: 'w' }] })] });
    assert.ok(whyNotReplaced(other, ONE));
    assert.deepEqual([isOut(leaked, CURRENT), isOut(other, CURRENT)], [true, false]);
  });

  it('never begins where the slot may hold the value of a stranger', () => {
    for (const incidents of [[], [incident()]]) {
      assert.match(whyNotReplaced(token({ credentials: [], incidents }), ONE) ?? '', /no value yet/);
      assert.match(whyNotReplaced(token({ refusedSince: T0, incidents }), ONE) ?? '', /does not accept/);
    }
  });

  it('goes on once it was sent, whatever the policy says and whatever is refused by then', () => {
    const begun = replacing(token({ policy: DEFAULT_POLICY, refusedSince: T0 }), BY);
    assert.equal(whyNotReplaced(begun, ONE), undefined);
    assert.deepEqual(rotationWish(begun), { at: BY.at, cause: 'retry' });
    const next = nextRotation({ ...begun, failures: 7, failedAt: T0 + DAY }, ONE, T0 + DAY);
    assert.ok(next && next.at <= T0 + DAY + 5 * MINUTE, 'it waits as long as any other');
    assert.deepEqual(notReplaced(begun).credentials, [CURRENT]);
  });

  it('needs no free slot: the next value takes the place of the last one', () => {
    const old = { ...CURRENT, state: 'revoking' } as const;
    const piled = ['w', 'x', 'y'].map((id): Credential => ({ ...old, id, handle: id }));
    assert.equal(slotsLeft(token({ credentials: [CURRENT, ...piled] }), ONE, T0), 1);
  });

  it('leaves the old one ended once it is promoted, and says how long nothing worked', () => {
    const attempts: Token['attempts'] = [
      {
        id: 'a',
        cause: 'due',
        state: 'promoting',
        openedAt: T0,
        deadline: T0 + DAY,
        testedAt: T0,
        mints: [{ at: BY.at, handle: 'n', fingerprint: '3:n' }],
      },
    ];
    const seen = { oldVersion: 'v', now: BY.at + 3 * MINUTE, by: 'keyturn' };
    const done = promoted(replacing(token({ attempts }), BY), 'a', seen);
    const [old] = done.credentials;
    assert.deepEqual([old?.state, old?.revokedAt], ['revoking', BY.at]);
    assert.equal(currentOf(done)?.id, 'a');
    assert.ok(done.outbox.some((fact) => fact.detail.includes('had ended 3m earlier')));
    const kept = promoted(token({ attempts }), 'a', seen);
    assert.equal(kept.credentials[0]?.state, 'previous');
    assert.ok(!kept.outbox.some((fact) => fact.detail.includes('earlier')));
  });
});
