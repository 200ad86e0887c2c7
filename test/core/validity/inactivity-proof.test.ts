import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SKEW } from '../../../functions/core/issuer/issuer-clock.ts';
import {
  BELIEVED_AFTER,
  LEAST_APART,
  PROOFS,
  askAgainAt,
  goneAt,
  lagOf,
  verdictOn,
  type Proof,
  type Sight,
  type Verdict,
} from '../../../functions/core/validity/inactivity-proof.ts';
import type { ListedCredential, CredentialState } from '../../../functions/core/issuer/provider.ts';
import { DAY, FURTHEST_WEST, HOUR, MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { T0 } from '../../fakes/tokens.ts';
import { refusedWithin } from '../../../functions/core/issuer/issuer-facts.ts';

const FACTS = {
  lags: { accepted: 10 * SECOND, refused: 10 * SECOND },
  expiry: { settable: true, step: 'second' },
} as const;
const OLD: Credential = { id: 'v1', versionId: 'v1', handle: 'h1', origin: 'minted', state: 'previous' };
const APART = lagOf(FACTS);

function listed(state: CredentialState, more: Partial<ListedCredential> = {}): ListedCredential {
  return { handle: 'h1', state, active: state === 'active', ...more };
}

function sight(change: Partial<Sight>): Sight {
  return {
    now: T0,
    probe: undefined,
    listed: undefined,
    isUnanswered: false,
    answers: true,
    isItsPlace: true,
    skew: SKEW,
    ...change,
  };
}

interface Row {
  readonly what: string;
  readonly one?: Partial<Credential>;
  readonly seen: Partial<Sight>;
  readonly is: Verdict['kind'] | Proof;
}

const BEFORE = { since: T0 - APART, last: T0 - APART };
const REVOKED = { revokedAt: T0 - HOUR, state: 'revoking' } as const;

const ROWS: readonly Row[] = [
  {
    what: 'a value that is accepted lives, whatever else is seen',
    one: { ...REVOKED, expiresAt: 0 },
    seen: { probe: 'active', listed: listed('revoked') },
    is: 'active',
  },
  ...(['disabledAt', 'notDisabledAt'] as const).flatMap((field): Row[] => [
    {
      what: `a refusal of what may be disabled shows no end, ${field}`,
      one: { ...REVOKED, [field]: 0 },
      seen: { probe: 'inactive' },
      is: 'open',
    },
    {
      what: `nor while its list shows it, ${field}`,
      one: { ...REVOKED, [field]: 0 },
      seen: { probe: 'inactive', listed: listed('disabled') },
      is: 'open',
    },
    {
      what: `once its list leaves it out, it does, ${field}`,
      one: { ...REVOKED, [field]: 0 },
      seen: { probe: 'inactive', listed: 'absent' },
      is: 'value',
    },
  ]),
  { what: 'one refusal is none', seen: { probe: 'inactive' }, is: 'open' },
  {
    what: 'a second one, far enough from the first, is',
    one: { refused: BEFORE },
    seen: { probe: 'inactive' },
    is: 'value',
  },
  {
    what: 'a second one too soon is none',
    one: { refused: { since: T0 - APART + 1, last: T0 - APART + 1 } },
    seen: { probe: 'inactive' },
    is: 'open',
  },
  {
    what: 'nor is one while the place does not answer',
    one: { refused: BEFORE },
    seen: { probe: 'inactive', answers: false },
    is: 'open',
  },
  {
    what: 'nor one at a place that may be another',
    one: { refused: BEFORE },
    seen: { probe: 'inactive', isItsPlace: false },
    is: 'open',
  },
  {
    what: 'nor one that the list contradicts',
    one: { refused: BEFORE },
    seen: { probe: 'inactive', listed: listed('active') },
    is: 'open',
  },
  {
    what: 'nor one for where we ask from',
    one: { refused: BEFORE },
    seen: { probe: 'inactive', listed: listed('active', { onlyFrom: ['10.0.0.0/8'] }) },
    is: 'open',
  },
  {
    what: 'disabled is not inactive',
    one: { refused: BEFORE },
    seen: { probe: 'inactive', listed: listed('disabled') },
    is: 'open',
  },
  {
    what: 'a list that leaves it out adds nothing to a first refusal',
    seen: { probe: 'inactive', listed: 'absent' },
    is: 'open',
  },
  {
    what: 'and does not contradict a second one',
    one: { refused: BEFORE },
    seen: { probe: 'inactive', listed: 'absent' },
    is: 'value',
  },
  {
    what: 'absence alone is not inactive, however often',
    one: { absent: BEFORE },
    seen: { listed: 'absent' },
    is: 'open',
  },
  { what: 'silence is not inactive', one: { refused: BEFORE }, seen: { probe: 'unknown' }, is: 'open' },
  { what: 'the list says revoked', seen: { listed: listed('revoked') }, is: 'list' },
  {
    what: 'the list says expired, and the value cannot be asked about',
    seen: { probe: 'unknown', listed: listed('expired') },
    is: 'list',
  },
  {
    what: 'its own date is over, and Keyturn may not ask',
    one: { expiresAt: T0 - 2 * MINUTE },
    seen: { answers: false, isItsPlace: false },
    is: 'expiry',
  },
  {
    what: 'or is not, where the clock of its issuer is known to be further off',
    one: { expiresAt: T0 - 10 * MINUTE + 1 },
    seen: { skew: 10 * MINUTE },
    is: 'open',
  },
  {
    what: 'and is once that is over too',
    one: { expiresAt: T0 - 10 * MINUTE },
    seen: { skew: 10 * MINUTE },
    is: 'expiry',
  },
  {
    what: 'within the skew of clocks it may live',
    one: { expiresAt: T0 - 2 * MINUTE + 1 },
    seen: {},
    is: 'open',
  },
  {
    what: "the issuer's date wins: it was made to live longer",
    one: { expiresAt: T0 - DAY },
    seen: { listed: listed('disabled', { expiresAt: T0 + DAY }) },
    is: 'open',
  },
  {
    what: 'the issuer that keeps dates says that it is active',
    one: { expiresAt: T0 - DAY },
    seen: { listed: listed('active', { expiresAt: T0 - DAY }) },
    is: 'open',
  },
  {
    what: 'the issuer that keeps dates says that it is disabled, and its date is over',
    one: { expiresAt: T0 + DAY },
    seen: { listed: listed('disabled', { expiresAt: T0 - DAY }) },
    is: 'expiry',
  },
  {
    what: 'the issuer says that it is active, without a date: somebody may have removed it',
    one: { expiresAt: T0 - DAY },
    seen: { listed: listed('active') },
    is: 'open',
  },
  {
    what: 'its date is over, and the issuer does not answer: somebody may have moved it',
    one: { expiresAt: T0 - DAY },
    seen: { probe: 'unknown', isUnanswered: true },
    is: 'open',
  },
  {
    what: 'its date is over, and the list leaves it out',
    one: { expiresAt: T0 - DAY },
    seen: { probe: 'unknown', listed: 'absent' },
    is: 'expiry',
  },
  { what: 'after a revoke one refusal is enough', one: REVOKED, seen: { probe: 'inactive' }, is: 'value' },
  {
    what: 'but not within the lag',
    one: { ...REVOKED, revokedAt: T0 - SECOND },
    seen: { probe: 'inactive' },
    is: 'open',
  },
  {
    what: 'and enough once that is over',
    one: { ...REVOKED, revokedAt: T0 - refusedWithin(FACTS) },
    seen: { probe: 'inactive' },
    is: 'value',
  },
  {
    what: 'after a revoke it is still listed as active',
    one: REVOKED,
    seen: { listed: listed('active') },
    is: 'active',
  },
  { what: 'after a revoke it is disabled', one: REVOKED, seen: { listed: listed('disabled') }, is: 'open' },
  {
    what: 'after a revoke it is absent from one list',
    one: { ...REVOKED, versionId: undefined },
    seen: { listed: 'absent' },
    is: 'open',
  },
  {
    what: 'from two, and no version ever held it',
    one: { ...REVOKED, versionId: undefined, absent: BEFORE },
    seen: { listed: 'absent' },
    is: 'absence',
  },
  {
    what: 'from two, and a consumer may have had it',
    one: { ...REVOKED, absent: BEFORE },
    seen: { listed: 'absent' },
    is: 'open',
  },
  {
    what: 'from two, a week after the revoke',
    one: { ...REVOKED, revokedAt: T0 - BELIEVED_AFTER, absent: BEFORE },
    seen: { listed: 'absent', probe: 'unknown' },
    is: 'absence',
  },
  {
    what: 'from one only, a week after the revoke',
    one: { ...REVOKED, revokedAt: T0 - BELIEVED_AFTER },
    seen: { listed: 'absent', probe: 'unknown' },
    is: 'open',
  },
  {
    what: 'a list that could not be read is no absence',
    one: { ...REVOKED, revokedAt: T0 - BELIEVED_AFTER, absent: BEFORE },
    seen: { probe: 'unknown' },
    is: 'open',
  },
];

describe('whether a credential is inactive', () => {
  for (const { what, one, seen, is } of ROWS)
    it(what, () => {
      const verdict = verdictOn({ ...OLD, ...one }, sight(seen), FACTS);
      assert.equal(verdict.kind === 'inactive' ? verdict.by : verdict.kind, is);
    });

  it('keeps the first refusal over silence, and forgets it when the list shows the credential', () => {
    const first = verdictOn(OLD, sight({ probe: 'inactive' }), FACTS);
    assert.deepEqual(first, { kind: 'open', refused: { since: T0, last: T0 }, absent: undefined });
    const silent = verdictOn({ ...OLD, refused: BEFORE }, sight({ probe: 'unknown' }), FACTS);
    assert.deepEqual(silent, { kind: 'open', refused: BEFORE, absent: undefined });
    assert.deepEqual(verdictOn({ ...OLD, refused: BEFORE }, sight({ listed: listed('disabled') }), FACTS), {
      kind: 'open',
      refused: undefined,
      absent: undefined,
    });
    assert.deepEqual(
      verdictOn({ ...OLD, ...REVOKED, absent: BEFORE }, sight({ listed: listed('disabled') }), FACTS),
      { kind: 'open', refused: undefined, absent: undefined },
    );
  });

  it('asks twice no closer than minutes, and as far as the slowest issuer needs', () => {
    assert.equal(lagOf(FACTS), LEAST_APART);
    assert.equal(lagOf({ lags: { accepted: 10 * MINUTE, refused: 5 * MINUTE } }), 15 * MINUTE);
  });

  it('gives a date until it is over in the westernmost zone', () => {
    assert.equal(goneAt(T0, { step: 'second' }, SKEW), T0 + 2 * MINUTE);
    assert.equal(goneAt(T0, { step: 'day' }, SKEW), T0 + 2 * MINUTE + FURTHEST_WEST);
  });

  it('says which proof is the weaker one', () => {
    assert.deepEqual(
      Object.entries(PROOFS)
        .filter(([, words]) => /weaker/.test(words))
        .map(([by]) => by),
      ['absence'],
    );
  });

  it('asks again after 1 h, 1, 7 and 30 days', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((asked) => askAgainAt(T0, asked)),
      [T0 + HOUR, T0 + DAY, T0 + 7 * DAY, T0 + 30 * DAY, undefined],
    );
  });
});
