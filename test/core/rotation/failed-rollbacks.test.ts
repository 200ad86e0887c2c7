import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agenda } from '../../../functions/core/assessment/due-times.ts';
import { returnWish } from '../../../functions/core/rotation/failed-rollbacks.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Incident } from '../../../functions/core/token/incident.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { NO_LAGS, slotsOf } from '../../fakes/facts.ts';

const TWO = { slots: slotsOf(2), lags: NO_LAGS };
const OUT: Incident = { id: 'i', exposed: [{ id: 'v1', handle: 'h1' }], source: 'a scanner', reportedAt: T0 };
const LEAKED: Credential = {
  id: 'v1',
  versionId: 'v1',
  handle: 'h1',
  origin: 'minted',
  state: 'current',
  promotedAt: T0,
};
const GOOD: Credential = {
  id: 'v2',
  versionId: 'v2',
  handle: 'h2',
  origin: 'minted',
  state: 'previous',
  supersededAt: T0,
};

function token(old: Partial<Credential> = {}, change: Partial<Token> = {}): Token {
  return aToken({ incidents: [OUT], credentials: [LEAKED, { ...GOOD, ...old }], ...change });
}

const wish = (one: Token, now = T0 + HOUR): string | undefined => returnWish(one, TWO, now)?.to.id;

describe('what leaked is current and no slot is free', () => {
  it('gives way to the previous one that is good, at once, and no rotation is tried', () => {
    assert.deepEqual(returnWish(token(), TWO, T0 + HOUR), { at: T0, to: GOOD });
    assert.deepEqual(
      agenda(token(), TWO, T0 + HOUR)
        .filter((one) => one.kind === 'rollback' || one.kind === 'rotate')
        .map((one) => one.kind),
      ['rollback'],
    );
  });

  it('takes the latest of several', () => {
    const older = { ...GOOD, id: 'v0', versionId: 'v0', handle: 'h0', supersededAt: T0 - DAY };
    for (const credentials of [
      [older, LEAKED, GOOD],
      [GOOD, LEAKED, older],
    ])
      assert.equal(wish(token({}, { credentials })), 'v2');
    const { supersededAt: _never, ...undated } = older;
    for (const credentials of [
      [undated, LEAKED, GOOD],
      [GOOD, LEAKED, undated],
    ])
      assert.equal(wish(token({}, { credentials })), 'v2');
  });

  it('is replaced by a rotation where a slot is free', () => {
    assert.equal(returnWish(token(), { slots: slotsOf(3) }, T0 + HOUR), undefined);
  });

  it(
    'never gives way to one that leaked too, is to be revoked, is on its way to its end, has expired or ' +
      'has no version',
    () => {
      assert.equal(
        wish(token({}, { incidents: [{ ...OUT, exposed: [...OUT.exposed, { id: 'v2' }] }] })),
        undefined,
      );
      for (const old of [
        { withoutGrace: true },
        { askedBy: 'ann' },
        { state: 'revoking' },
        { expiresAt: T0 + HOUR },
        { versionId: undefined },
      ] as const)
        assert.equal(wish(token(old)), undefined, JSON.stringify(old));
      assert.equal(wish(token({ expiresAt: T0 + HOUR + 1 })), 'v2');
    },
  );

  it('is not tried again soon after it failed, nor twice at once', () => {
    assert.equal(wish(token({ returnFailedAt: T0 })), undefined);
    assert.equal(wish(token({ returnFailedAt: T0 }), T0 + DAY), 'v2');
    assert.equal(wish(token({ state: 'rolling-back' })), undefined);
    assert.equal(
      wish(
        token(
          {},
          {
            credentials: [
              LEAKED,
              GOOD,
              { ...GOOD, id: 'v3', versionId: 'v3', handle: 'h3', state: 'rolling-back' },
            ],
          },
        ),
      ),
      undefined,
    );
  });

  it('waits for a person where the report is held, and for what is under way', () => {
    assert.equal(wish(token({}, { incidents: [{ ...OUT, held: true }] })), undefined);
    assert.equal(
      wish(
        token(
          {},
          {
            attempts: [{ id: 'a', cause: 'incident', state: 'open', openedAt: T0, deadline: T0, mints: [] }],
          },
        ),
      ),
      undefined,
    );
    for (const change of [
      { detachedAt: T0 },
      { unusable: 'It is not.' },
      { ending: { kind: 'retire', askedAt: T0, by: 'ann' } },
      { ending: { kind: 'detach', askedAt: T0, by: 'ann' } },
    ] satisfies Partial<Token>[])
      assert.equal(wish(token({}, change)), undefined);
  });

  it('has nothing to do where something else is current, or only an admin credential is in question', () => {
    assert.equal(
      wish(
        token(
          {},
          {
            credentials: [
              { ...LEAKED, state: 'previous' },
              { ...GOOD, state: 'current' },
            ],
          },
        ),
      ),
      undefined,
    );
    assert.equal(wish(token({}, { incidents: [], adminLeakedAt: T0 })), undefined);
  });
});
