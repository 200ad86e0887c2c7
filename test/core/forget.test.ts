import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recalled, whyKept, withForgotten } from '../../functions/core/forget.ts';
import { claimOn } from '../../functions/core/claims.ts';
import { pruned } from '../../functions/core/life.ts';
import type { Identity } from '../../functions/core/likeness.ts';
import { noPermits, permitting, type Permits } from '../../functions/core/permits.ts';
import { slotsLeft } from '../../functions/core/schedule.ts';
import { accountsFor, knownFingerprints, type Generation, type Token } from '../../functions/core/token.ts';
import { isOver } from '../../functions/core/urgency.ts';
import { T0, aToken } from '../fakes/tokens.ts';

const OLD: Generation = {
  id: 'v1',
  versionId: 'v1',
  handle: 'h1',
  fingerprint: 'f1',
  origin: 'minted',
  state: 'previous',
  supersededAt: T0,
};
const NOW: Generation = {
  id: 'v2',
  versionId: 'v2',
  handle: 'h2',
  fingerprint: 'f2',
  origin: 'minted',
  state: 'current',
};
const WISH = { generationId: 'v1', by: 'ana', reason: 'its project is deleted', now: T0 + 1 };

function withOld(change: Partial<Generation> = {}, more: Partial<Token> = {}): Token {
  return aToken({ generations: [{ ...OLD, ...change }, NOW], ...more });
}

describe('a forgotten credential', () => {
  const token = withForgotten(withOld({ problem: { kind: 'revoke-refused', detail: 'no' } }), WISH);

  it('takes no slot, and is still no stray and known by its fingerprint', () => {
    assert.equal(slotsLeft(token, { slots: 2 }, T0 + 1), 1);
    assert.ok(accountsFor(token, { handle: 'h1' }));
    assert.ok(knownFingerprints(token).has('f1'));
    assert.equal(token.generations[0]?.problem, undefined);
  });

  it('is no claim on it by what the act function wrote, and one by the word of the record alone', () => {
    const asked = permitting(noPermits(token.id), {
      kind: 'forget',
      about: 'v1',
      handle: 'h1',
      at: T0 + 1,
      by: 'ana',
    });
    const claim = (permits: Permits, target: Identity): string | undefined =>
      claimOn(token, target, (one) => isOver(token, one, { permits, now: T0 + 1 }))?.need;
    assert.equal(claim(asked, OLD), undefined);
    assert.equal(claim(noPermits(token.id), OLD), 'in grace');
    assert.equal(
      claim(
        permitting(noPermits(token.id), {
          kind: 'forget',
          about: 'v1',
          handle: 'other',
          at: T0 + 1,
          by: 'ana',
        }),
        OLD,
      ),
      'in grace',
    );
  });

  it('is never said to be dead', () => {
    assert.equal(token.generations[0]?.deadAt, undefined);
    assert.deepEqual(
      token.outbox.map((fact) => fact.type === 'life' && fact.what),
      ['forgotten'],
    );
  });

  it('stays in the record, however many others have died since', () => {
    const dead = Array.from({ length: 12 }, (_, index): Generation => ({
      ...OLD,
      id: `d${index}`,
      handle: `d${index}`,
      state: 'dead',
      deadAt: T0,
    }));
    const left = pruned({ ...token, generations: [...token.generations, ...dead] }, T0 + 2);
    assert.ok(left.generations.some((one) => one.id === 'v1'));
    assert.ok(left.generations.length < 10);
  });

  it('asked twice is forgotten once', () =>
    assert.equal(withForgotten(token, { ...WISH, now: T0 + 9 }), token));

  it('is looked after again when it leaks', () => {
    const back = recalled(token, 'f1', T0 + 5).generations[0];
    assert.equal(back?.state, 'previous');
    assert.equal(back.forgotten, undefined);
    assert.equal(recalled(token, 'another', T0 + 5), token);
    assert.equal(recalled(token, undefined, T0 + 5), token);
  });
});

describe('not forgotten is', () => {
  const refused = (token: Token, id = 'v1'): void =>
    assert.throws(() => withForgotten(token, { ...WISH, generationId: id }), { code: 'bad-request' });

  it('what is current, unless its token ends or its secret is deleted', () => {
    refused(withOld(), 'v2');
    for (const more of [
      { ending: { kind: 'retire', askedAt: T0, by: 'ana' } },
      { deletion: { at: T0, gone: true }, detachedAt: T0 },
    ] satisfies Partial<Token>[])
      assert.equal(whyKept(withOld({}, more), NOW), undefined);
  });

  it('what is about to be current again, or is being made', () => {
    refused(withOld({ state: 'restoring' }));
    refused(
      aToken({
        generations: [NOW],
        attempts: [
          {
            id: 'v3',
            cause: 'due',
            state: 'open',
            openedAt: T0,
            deadline: T0,
            mints: [{ at: T0, handle: 'h3' }],
          },
        ],
      }),
      'v3',
    );
  });

  it('what is out and may live, contained or not', () => {
    const incident = {
      id: 'i',
      exposed: [{ id: 'x', fingerprint: 'f1' }],
      source: 'a scanner',
      reportedAt: T0,
    };
    refused(withOld({}, { incidents: [incident] }));
    refused(withOld({}, { incidents: [{ ...incident, replacedAt: T0, containedAt: T0 }] }));
  });

  it('what nobody has on record', () =>
    assert.throws(() => withForgotten(withOld(), { ...WISH, generationId: 'v9' }), { code: 'not-found' }));
});
