import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recalled, whyKept, withForgotten } from '../../../functions/core/incidents/forget.ts';
import { claimOn } from '../../../functions/core/revocation/claims.ts';
import { pruned } from '../../../functions/core/token/prune.ts';
import type { Identity } from '../../../functions/core/issuer/likeness.ts';
import { noPermits, permitting, type Permits } from '../../../functions/core/revocation/permits.ts';
import { slotsLeft } from '../../../functions/core/rotation/slots.ts';
import { accountsFor, knownFingerprints } from '../../../functions/core/token/known-credentials.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { isOver } from '../../../functions/core/revocation/urgency.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { slotsOf } from '../../fakes/facts.ts';

const OLD: Credential = {
  id: 'v1',
  versionId: 'v1',
  handle: 'h1',
  fingerprint: 'f1',
  origin: 'minted',
  state: 'previous',
  supersededAt: T0,
};
const NOW: Credential = {
  id: 'v2',
  versionId: 'v2',
  handle: 'h2',
  fingerprint: 'f2',
  origin: 'minted',
  state: 'current',
};
const WISH = { credentialId: 'v1', by: 'ana', reason: 'its project is deleted', now: T0 + 1 };

function withOld(change: Partial<Credential> = {}, more: Partial<Token> = {}): Token {
  return aToken({ credentials: [{ ...OLD, ...change }, NOW], ...more });
}

describe('a forgotten credential', () => {
  const token = withForgotten(withOld({ problem: { kind: 'revocation-blocked', detail: 'no' } }), WISH);

  it('takes no slot, and is still no stray and known by its fingerprint', () => {
    assert.equal(slotsLeft(token, { slots: slotsOf(2) }, T0 + 1), 1);
    assert.ok(accountsFor(token, { handle: 'h1' }));
    assert.ok(knownFingerprints(token).has('f1'));
    assert.equal(token.credentials[0]?.problem, undefined);
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

  it('is never said to be inactive', () => {
    assert.equal(token.credentials[0]?.endedAt, undefined);
    assert.deepEqual(
      token.outbox.map((fact) => fact.type === 'lifecycle' && fact.what),
      ['forgotten'],
    );
  });

  it('stays in the record, however many others have ended since', () => {
    const ended = Array.from({ length: 12 }, (_, index): Credential => ({
      ...OLD,
      id: `d${index}`,
      handle: `d${index}`,
      state: 'ended',
      endedAt: T0,
    }));
    const left = pruned({ ...token, credentials: [...token.credentials, ...ended] }, T0 + 2);
    assert.ok(left.credentials.some((one) => one.id === 'v1'));
    assert.ok(left.credentials.length < 10);
  });

  it('asked twice is forgotten once', () =>
    assert.equal(withForgotten(token, { ...WISH, now: T0 + 9 }), token));

  it('is looked after again when it leaks', () => {
    const back = recalled(token, 'f1', T0 + 5).credentials[0];
    assert.equal(back?.state, 'previous');
    assert.equal(back.forgotten, undefined);
    assert.equal(recalled(token, 'another', T0 + 5), token);
    assert.equal(recalled(token, undefined, T0 + 5), token);
  });
});

describe('not forgotten is', () => {
  const refused = (token: Token, id = 'v1'): void =>
    assert.throws(() => withForgotten(token, { ...WISH, credentialId: id }), { code: 'bad-request' });

  it('what is current, unless its token ends or its secret is deleted', () => {
    refused(withOld(), 'v2');
    for (const more of [
      { ending: { kind: 'retire', askedAt: T0, by: 'ana' } },
      { deletion: { at: T0, gone: true }, detachedAt: T0 },
    ] satisfies Partial<Token>[])
      assert.equal(whyKept(withOld({}, more), NOW), undefined);
  });

  it('what is about to be current again, or is being made', () => {
    refused(withOld({ state: 'rolling-back' }));
    refused(
      aToken({
        credentials: [NOW],
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

  it('what no token has on record', () =>
    assert.throws(() => withForgotten(withOld(), { ...WISH, credentialId: 'v9' }), { code: 'not-found' }));
});
