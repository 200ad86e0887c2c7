import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHECK_RULES, unservedIn } from '../../../functions/core/validity/check-rules.ts';
import { slotsOf } from '../../fakes/facts.ts';
import { sentencesIn, tooLong } from '../../docs/prose.ts';

const SERVED = {
  check: 'free',
  value: 'issuer',
  found: 'name',
  slots: slotsOf(2),
  identifies: true,
} as const;

describe('what counts as tested, valid and revoked', () => {
  it('is said in short sentences for each kind of check', () => {
    const texts = Object.values(CHECK_RULES).flatMap((rules) => Object.values(rules).map(({ says }) => says));
    assert.equal(texts.length, 15);
    assert.deepEqual(tooLong(texts.flatMap(sentencesIn)), []);
  });

  it('is by the value where asking spends nothing and tells something, else the weaker proof', () => {
    const byList = Object.entries(CHECK_RULES).flatMap(([check, rules]) =>
      Object.entries(rules).flatMap(([what, { by, says }]) => {
        if (by === 'list') assert.match(says, /weaker proof/);
        return by === 'list' ? [`${check}: ${what}`] : [];
      }),
    );
    assert.deepEqual(byList, [
      'accepted-only: revoked',
      ...['spends', 'none'].flatMap((check) =>
        ['tested', 'valid', 'revoked'].map((what) => `${check}: ${what}`),
      ),
    ]);
  });
});

/** An account with a value and a second one, of which no list tells. */
const PAIR = { ...SERVED, found: 'reissue', unlisted: true, slots: { count: 2, of: ['account'] } } as const;

describe('what the engine cannot serve yet', () => {
  it('is nothing of an issuer whose values can be asked about', () => {
    assert.deepEqual(unservedIn(SERVED), []);
    assert.deepEqual(unservedIn({ ...SERVED, check: 'counts-as-use', found: 'exclusive' }), []);
    assert.deepEqual(unservedIn({ ...SERVED, value: 'keyturn', found: 'value' }), []);
    assert.deepEqual(unservedIn({ ...SERVED, value: 'person', found: 'never' }), []);
    const inTurn = { names: ['a', 'b'], of: ['grant'] } as const;
    assert.deepEqual(unservedIn({ ...SERVED, value: 'keyturn', found: 'value', slots: inTurn }), []);
    assert.deepEqual(unservedIn({ ...SERVED, slots: inTurn }), ['slots with names']);
    const one = { names: ['a'], of: ['application'] } as const;
    assert.deepEqual(unservedIn({ ...SERVED, found: 'reissue', slots: one }), []);
    assert.deepEqual(unservedIn(PAIR), []);
  });

  it('is nothing of an issuer that answers nothing about a value, and whose list tells which it is', () => {
    assert.deepEqual(unservedIn({ ...SERVED, check: 'none' }), []);
    assert.deepEqual(unservedIn({ ...SERVED, check: 'none', value: 'keyturn', found: 'value' }), []);
    assert.deepEqual(unservedIn({ ...SERVED, check: 'accepted-only', identifies: false }), []);
  });

  it('is named, each fact by itself', () => {
    assert.deepEqual(unservedIn({ ...SERVED, check: 'spends' }), ['check: spends']);
    assert.deepEqual(unservedIn({ ...SERVED, check: 'none', found: 'never' }), ['found: never']);
    assert.deepEqual(unservedIn({ ...SERVED, check: 'none', identifies: false }), ['check: none']);
    const chosen = { ...SERVED, value: 'keyturn', found: 'value' } as const;
    assert.deepEqual(unservedIn({ ...chosen, check: 'none', identifies: false }), ['check: none']);
    assert.deepEqual(unservedIn({ ...chosen, check: 'spends' }), ['check: spends']);
    assert.deepEqual(unservedIn({ ...SERVED, check: 'none', value: 'person', found: 'never' }), [
      'check: none',
    ]);
    assert.deepEqual(unservedIn({ ...SERVED, value: 'person' }), ['found: name']);
    assert.deepEqual(unservedIn({ ...SERVED, found: 'reissue' }), ['found: reissue']);
    assert.deepEqual(unservedIn({ ...PAIR, slots: { count: 3, of: ['account'] } }), ['found: reissue']);
    assert.deepEqual(unservedIn({ ...PAIR, check: 'accepted-only' }), ['found: reissue']);
    assert.deepEqual(unservedIn({ ...PAIR, value: 'keyturn' }), ['found: reissue']);
    const one = { names: ['a'], of: ['account'] } as const;
    assert.deepEqual(unservedIn({ ...SERVED, slots: one }), ['slots with names']);
    assert.deepEqual(unservedIn({ ...SERVED, found: 'reissue', slots: { ...one, names: ['a', 'b'] } }), [
      'found: reissue',
      'slots with names',
    ]);
    assert.deepEqual(unservedIn({ ...SERVED, value: 'person', found: 'never', slots: one }), [
      'slots with names',
    ]);
  });
});
