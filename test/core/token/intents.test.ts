import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  claimedRestore,
  lapseOf,
  lapsed,
  unfitAttempt,
  unfitFor,
} from '../../../functions/core/token/intents.ts';
import { CREDENTIAL_MOVES, currentAgain, moveCredential } from '../../../functions/core/token/transitions.ts';
import type { Attempt } from '../../../functions/core/token/attempt.ts';
import { credentialOf } from '../../../functions/core/token/lookups.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Incident } from '../../../functions/core/token/incident.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { MINUTE } from '../../../functions/core/basics/time.ts';
import { tokens } from '../../fakes/arbitraries.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const NOW: Credential = {
  id: 'v2',
  versionId: 'v2',
  handle: 'h2',
  origin: 'minted',
  state: 'current',
  promotedAt: T0,
};
const OLD: Credential = {
  id: 'v1',
  versionId: 'v1',
  handle: 'h1',
  origin: 'minted',
  state: 'previous',
  supersededAt: T0,
};
const OUT: Incident = { id: 'i', exposed: [{ id: 'v1', handle: 'h1' }], source: 'a scanner', reportedAt: T0 };

function claimed(change: Partial<Token> = {}): Token {
  return { ...claimedRestore(aToken({ credentials: [OLD, NOW] }), 'v1', T0), ...change };
}

function target(token: Token): Credential {
  const one = credentialOf(token, 'v1');
  assert.ok(one);
  return one;
}

describe('a credential that must not become current', () => {
  it(
    'has leaked, by whatever report on record, or is to be revoked, or belongs to a token that a person ' +
      'ended',
    () => {
      const token = aToken({ credentials: [OLD, NOW] });
      assert.equal(unfitFor(token, OLD), undefined);
      for (const incident of [OUT, { ...OUT, held: true }, { ...OUT, containedAt: T0, replacedAt: T0 }])
        assert.match(unfitFor({ ...token, incidents: [incident] }, OLD) ?? '', /has leaked/);
      assert.match(
        unfitFor(token, { ...OLD, withoutGrace: true, reason: 'a mistake' }) ?? '',
        /is to be revoked: a mistake/,
      );
      assert.match(unfitFor(token, { ...OLD, withoutGrace: true }) ?? '', /must not be used/);
      assert.match(unfitFor(token, { ...OLD, askedBy: 'ann' }) ?? '', /ann asked for it/);
      assert.match(
        unfitFor({ ...token, ending: { kind: 'retire', askedAt: T0, by: 'ann' } }, OLD) ?? '',
        /a person ended/,
      );
    },
  );

  it('was made by a rotation that was given up, leaked, or is of a token that was ended', () => {
    const attempt: Attempt = {
      id: 'a',
      cause: 'due',
      state: 'promoting',
      openedAt: T0,
      deadline: T0,
      mints: [{ at: T0, handle: 'h1' }],
    };
    assert.equal(unfitAttempt(aToken(), attempt), undefined);
    assert.match(unfitAttempt(aToken({ incidents: [OUT] }), attempt) ?? '', /leaked/);
    for (const change of [
      { halted: true },
      { inactive: true },
      { state: 'aborting' },
      { state: 'promoted' },
    ] as const)
      assert.ok(unfitAttempt(aToken(), { ...attempt, ...change }));
    assert.ok(unfitAttempt(aToken({ ending: { kind: 'detach', askedAt: T0, by: 'ann' } }), attempt));
  });
});

describe('a return that was asked for', () => {
  it('is claimed in the place of what is current, and looked at again soon', () => {
    assert.deepEqual(target(claimed()), {
      ...OLD,
      state: 'rolling-back',
      revocationBegunAt: T0,
      lookAt: T0 + 10 * MINUTE,
      restoreFrom: 'v2',
      returnFailedAt: undefined,
    });
    assert.equal(lapseOf(claimed(), target(claimed())), undefined);
    assert.deepEqual(lapsed(claimed()), claimed());
  });

  it('lapses as soon as what it was asked in has changed', () => {
    const changes: Partial<Token>[] = [
      { incidents: [OUT] },
      { ending: { kind: 'retire', askedAt: T0, by: 'ann' } },
      { credentials: [{ ...target(claimed()), withoutGrace: true }, NOW] },
      { credentials: [target(claimed()), { ...NOW, state: 'previous' }, { ...NOW, id: 'v3' }] },
      { credentials: [target(claimed()), { ...NOW, state: 'ended' }] },
    ];
    for (const change of changes) {
      const after = lapsed(claimed(change));
      assert.deepEqual(
        [target(after).state, target(after).lookAt, target(after).restoreFrom],
        ['previous', undefined, undefined],
      );
      assert.ok(lapseOf(claimed(change), target(claimed(change))));
    }
    assert.match(lapseOf(claimed(), OLD) ?? '', /not claimed/);
  });

  it('leaves nothing that is to be revoked on its way to become current, in whatever record', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        const after = lapsed(token);
        assert.ok(
          after.credentials.every(
            (one) => one.state !== 'rolling-back' || unfitFor(after, one) === undefined,
          ),
        );
        assert.deepEqual(lapsed(after), after);
      }),
    );
  });
});

describe('an end that was meant for a credential', () => {
  const TO_REVOKE = {
    withoutGrace: true,
    askedBy: 'ann',
    reason: 'r',
    forcedRevocation: { cause: 'max-age', at: T0 },
    givenUp: true,
    endingSince: T0,
    revocationBegunAt: T0,
    verdict: 'no',
    revokedAt: T0,
    endedAt: T0,
    problem: { kind: 'revocation-ineffective', detail: 'd' },
    lookAt: T0,
    pendingConsumers: [],
  } as const satisfies Partial<Credential>;

  it('is over once the credential is current again, in whichever way', () => {
    const { supersededAt: _superseded, ...kept } = OLD;
    assert.deepEqual(currentAgain({ ...OLD, ...TO_REVOKE }, T0 + 1), {
      ...kept,
      state: 'current',
      promotedAt: T0 + 1,
    });
    for (const state of [
      'previous',
      'rolling-back',
      'revoking',
    ] satisfies (keyof typeof CREDENTIAL_MOVES.promote)[]) {
      const [back] = moveCredential(
        aToken({ credentials: [{ ...OLD, ...TO_REVOKE, state }] }),
        'v1',
        'promote',
      ).credentials;
      assert.deepEqual(back, { ...kept, state: 'current' });
    }
  });
});
