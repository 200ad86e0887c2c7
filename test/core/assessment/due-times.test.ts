import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { REVOKE_WITHIN } from '../../../functions/core/policy/timing.ts';
import { withFindings } from '../../../functions/core/assessment/with-findings.ts';
import { INSPECT_EVERY } from '../../../functions/core/policy/timing.ts';
import { INSPECT_UNSETTLED, SUSPECT_FOR, nextBeat } from '../../../functions/core/rotation/inspections.ts';
import {
  agenda,
  dueAtOf,
  plan,
  startAtOf,
  type Action,
} from '../../../functions/core/assessment/due-times.ts';
import { skewOf } from '../../../functions/core/issuer/issuer-clock.ts';
import { latestEnd } from '../../../functions/core/validity/expiry.ts';
import { forcedRevocationOf } from '../../../functions/core/revocation/forced-revocations.ts';
import { graceEnds } from '../../../functions/core/rotation/next-rotation.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Attempt } from '../../../functions/core/token/attempt.ts';
import { isUnderWay } from '../../../functions/core/token/lookups.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { anyTokens, instants, providerFacts, steps, tokens } from '../../fakes/arbitraries.ts';
import { T0, aLifecycleFact, aToken } from '../../fakes/tokens.ts';
import { NO_LAGS, slotsOf } from '../../fakes/facts.ts';

const FACTS = { slots: slotsOf(3), lags: NO_LAGS };
const maybeFacts = fc.option(providerFacts, { nil: undefined });

/** What a save leaves: findings brought up to date, everything told. */
function settled(token: Token, facts: typeof FACTS | undefined, now: number): Token {
  return { ...withFindings(token, facts, now), outbox: [] };
}

function of(token: Token, kind: string): { at: number }[] {
  return agenda(token, FACTS, T0).filter((action) => action.kind === kind);
}

/** All but the start of a rotation, which has a line of its own. */
function work(actions: Action[]): Action[] {
  return actions.filter((action) => action.kind !== 'rotate');
}

describe('startAt', () => {
  it('is when the rotation on the agenda may start, and there only while one is', () => {
    fc.assert(
      fc.property(anyTokens, maybeFacts, instants, (token, facts, now) => {
        const [rotation] = agenda(token, facts, now).filter((action) => action.kind === 'rotate');
        assert.equal(startAtOf(token, facts, now), rotation?.at);
      }),
    );
  });
});

describe('dueAt', () => {
  it('is not later than anything on the agenda, and there whenever there is an agenda', () => {
    fc.assert(
      fc.property(anyTokens, maybeFacts, instants, (token, facts, now) => {
        const due = dueAtOf(token, facts, now);
        for (const action of work(agenda(token, facts, now)))
          assert.ok(due !== undefined && due <= action.at, action.kind);
      }),
    );
  });

  it('is not after the next change of a finding: until then, nothing happens by itself', () => {
    fc.assert(
      fc.property(
        anyTokens,
        maybeFacts,
        instants,
        fc.record({ step: steps, part: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }) }),
        (given, facts, now, { step, part }) => {
          const token = settled(given, facts, now);
          const due = dueAtOf(token, facts, now);
          const later =
            due === undefined ? now + step : Math.min(Math.floor(now + (due - now) * part), due - 1);
          if (later < now) return;
          assert.deepEqual(
            withFindings(token, facts, later).outbox,
            [],
            'a finding changed before the sweep looks',
          );
          assert.deepEqual(
            work(due === undefined ? agenda(token, facts, later) : plan(token, facts, later)),
            [],
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('comes again after every look: a token with something left to do always has a date', () => {
    fc.assert(
      fc.property(tokens, providerFacts, instants, (given, facts, asked) => {
        // Nothing is superseded at a time that is still to come.
        const start = Math.max(asked, ...given.credentials.map((one) => one.supersededAt ?? 0));
        const token = settled(given, facts, start);
        const due = dueAtOf(token, facts, start);
        assert.ok(due !== undefined, 'every managed token is inspected now and then');
        const rested = { ...token, restUntil: Math.max(due, start) + 8 * MINUTE };
        const after = dueAtOf(rested, facts, Math.max(due, start));
        assert.ok(after !== undefined && after >= rested.restUntil);
        assert.deepEqual(
          plan(rested, facts, after),
          plan(token, facts, after),
          'what was lost comes back after the rest',
        );
        assert.ok(
          work(agenda(rested, facts, after)).every(
            (action) => Math.max(action.at, rested.restUntil) >= after,
          ),
        );
      }),
    );
  });

  it('is now or before as long as there is something to tell, even of a token that is gone', () => {
    assert.equal(dueAtOf(aToken({ outbox: [aLifecycleFact()], detachedAt: T0 }), FACTS, T0), 0);
    assert.equal(dueAtOf(aToken({ detachedAt: T0 }), FACTS, T0), undefined);
  });

  it('is not after the moment at which a revoke that does not come about is reported', () => {
    const revocationBegunAt = T0 - HOUR;
    const token = aToken({
      inspectedAt: T0,
      credentials: [
        { id: 'v', handle: 'h', origin: 'minted', state: 'revoking', revocationBegunAt, lookAt: T0 + DAY },
      ],
    });
    const promoted: Credential = { id: 'w', handle: 'i', origin: 'minted', state: 'current', promotedAt: T0 };
    assert.equal(
      dueAtOf({ ...token, credentials: [...token.credentials, promoted] }, FACTS, T0),
      revocationBegunAt + REVOKE_WITHIN,
    );
  });

  it('of a token of an unknown provider is the next change of a finding alone', () => {
    const token = aToken({
      credentials: [{ id: 'v', origin: 'minted', state: 'current', promotedAt: T0, expiresAt: T0 + DAY }],
    });
    assert.equal(dueAtOf(token, undefined, T0), T0 + 14 * HOUR);
  });
});

describe('the agenda', () => {
  it('settles an attempt at its deadline, or at once when it is lost, never while it is worked on', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        for (const attempt of token.attempts.filter(isUnderWay)) {
          const at =
            agenda(token, FACTS, T0).find(
              (action) => action.kind === 'settle' && action.attemptId === attempt.id,
            )?.at ?? -1;
          assert.ok(at >= (attempt.leaseUntil ?? 0));
          if (attempt.inactive === true || attempt.state === 'aborting')
            assert.equal(at, Math.max(attempt.openedAt, attempt.leaseUntil ?? 0));
          else assert.ok(at >= attempt.deadline);
        }
      }),
    );
  });

  it('comes back to an ended attempt until all it made is accounted for', () => {
    const attempt: Attempt = {
      id: 'a',
      cause: 'due',
      state: 'aborted',
      openedAt: T0,
      deadline: T0,
      mints: [],
      endedAt: T0 + 5,
    };
    assert.deepEqual(of(aToken({ attempts: [attempt] }), 'settle'), [
      { kind: 'settle', at: T0 + 5, attemptId: 'a' },
    ]);
    assert.deepEqual(of(aToken({ attempts: [{ ...attempt, tidy: true }] }), 'settle'), []);
  });

  it(
    'retires no credential in grace, none that is current without an order of its policy, and every ' +
      'other until it ended',
    () => {
      fc.assert(
        fc.property(tokens, (token) => {
          const retired = agenda(token, FACTS, T0).filter((action) => action.kind === 'retire');
          const expected = token.credentials.filter(
            (one) =>
              one.state === 'previous' ||
              one.state === 'revoking' ||
              forcedRevocationOf(token, one) !== undefined,
          );
          assert.deepEqual(
            retired.map((action) => action.credentialId).toSorted(),
            expected.map((one) => one.id).toSorted(),
          );
          for (const one of expected) {
            const at = retired.find((action) => action.credentialId === one.id)?.at ?? -1;
            assert.ok(at >= (one.lookAt ?? 0));
            if (one.state === 'previous')
              assert.ok(
                at >= Math.min(graceEnds(token, one), latestEnd(one, undefined, skewOf(token, T0))),
                'in grace, and not over by its date',
              );
          }
        }),
      );
    },
  );

  it('finishes a rollback that was broken off', () => {
    const restoring: Credential = {
      id: 'v0',
      versionId: 'v0',
      origin: 'minted',
      state: 'rolling-back',
      lookAt: T0 + 7,
    };
    assert.deepEqual(of(aToken({ credentials: [restoring] }), 'rollback'), [
      { kind: 'rollback', at: T0 + 7, credentialId: restoring.id },
    ]);
  });

  it('inspects every six hours, hourly while a credential has no name, and earlier for a suspect', () => {
    const named: Credential = { id: 'v', handle: 'h', origin: 'adopted', state: 'current' };
    assert.equal(of(aToken(), 'inspect')[0]?.at, T0);
    assert.equal(
      of(aToken({ inspectedAt: T0, credentials: [named] }), 'inspect')[0]?.at,
      nextBeat(aToken().id, T0, INSPECT_EVERY),
    );
    const { handle: _handle, ...nameless } = named;
    assert.equal(
      of(aToken({ inspectedAt: T0, credentials: [nameless] }), 'inspect')[0]?.at,
      T0 + INSPECT_UNSETTLED,
    );
    assert.equal(
      of(
        aToken({ inspectedAt: T0, credentials: [named], suspects: [{ handle: 's', seenAt: T0 + 1 }] }),
        'inspect',
      )[0]?.at,
      T0 + 1 + SUSPECT_FOR,
    );
  });

  it('has one rotation at most, and none while one is under way', () => {
    fc.assert(
      fc.property(tokens, providerFacts, (token, facts) => {
        const rotations = agenda(token, facts, T0).filter((action) => action.kind === 'rotate');
        assert.ok(rotations.length <= (token.attempts.some(isUnderWay) ? 0 : 1));
      }),
    );
  });

  it('is only telling for a token that is gone or of no known provider', () => {
    fc.assert(
      fc.property(tokens, instants, (token, at) => {
        assert.deepEqual(agenda({ ...token, detachedAt: at, outbox: [aLifecycleFact()] }, FACTS, T0), [
          { kind: 'tell', at: 0 },
        ]);
        assert.deepEqual(agenda(token, undefined, T0), []);
      }),
    );
  });
});

describe('the plan', () => {
  it('is what the agenda has up to now, in its order', () => {
    fc.assert(
      fc.property(anyTokens, providerFacts, instants, (token, facts, now) =>
        assert.deepEqual(
          plan(token, facts, now),
          agenda(token, facts, now).filter((action) => action.at <= now),
        ),
      ),
    );
  });

  it('only grows while nothing is done', () => {
    fc.assert(
      fc.property(anyTokens, providerFacts, instants, steps, (token, facts, now, step) =>
        assert.ok(plan(token, facts, now + step).length >= plan(token, facts, now).length),
      ),
    );
  });
});
