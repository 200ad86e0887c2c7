import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { withIncidents, withReport } from '../../../functions/core/incidents/incidents.ts';
import { currentAgain } from '../../../functions/core/token/transitions.ts';
import { pruned } from '../../../functions/core/token/prune.ts';
import {
  MOST_RETURNS,
  RETURNS_WITHIN,
  isContained,
  isInService,
  isReplaced,
  withMilestones,
} from '../../../functions/core/incidents/milestones.ts';
import { holderOfCurrent } from '../../../functions/core/token/lookups.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Incident } from '../../../functions/core/token/incident.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const OUT: Incident = {
  id: 'i',
  exposed: [{ id: 'v1', handle: 'h1', fingerprint: 'f1' }],
  source: 'a scanner',
  reportedAt: T0,
};
const LEAKED: Credential = {
  id: 'v1',
  versionId: 'v1',
  handle: 'h1',
  fingerprint: 'f1',
  origin: 'minted',
  state: 'previous',
  promotedAt: T0 - DAY,
};
const SAFE: Credential = {
  id: 'v2',
  versionId: 'v2',
  handle: 'h2',
  fingerprint: 'f2',
  origin: 'minted',
  state: 'current',
  promotedAt: T0 + MINUTE,
};

function token(...credentials: Credential[]): Token {
  return aToken({ credentials, incidents: [OUT] });
}

function after(one: Token, credentials: Credential[], now: number): Token {
  return withMilestones({ ...one, credentials }, now);
}

function only(one: Token): Incident {
  const [incident] = one.incidents ?? [];
  assert.ok(incident);
  return incident;
}

function steps(one: Token): string[] {
  return one.outbox.flatMap((fact) => (fact.type === 'lifecycle' ? [fact.what] : []));
}

describe('what is reached in the answer to a leak', () => {
  it('is taken back as soon as it is so no more, and told with the credential', () => {
    const replaced = withMilestones(token(LEAKED, SAFE), T0 + MINUTE);
    assert.deepEqual([only(replaced).replacedAt, only(replaced).containedAt], [T0 + MINUTE, undefined]);
    const back = after(
      replaced,
      [currentAgain(LEAKED, T0 + HOUR), { ...SAFE, state: 'previous' }],
      T0 + HOUR,
    );
    assert.deepEqual([only(back).replacedAt, only(back).withdrawn], [undefined, { replacedAt: T0 + HOUR }]);
    assert.deepEqual(steps(back), ['replaced', 'replacement-withdrawn']);
    assert.match(back.outbox.map((fact) => fact.detail).join(' '), /h1 leaked and is current again/);
  });

  it('is told once more, under another name and with the longer time, when it is reached again', () => {
    const replaced = withMilestones(token(LEAKED, SAFE), T0 + MINUTE);
    const back = after(
      replaced,
      [
        { ...LEAKED, state: 'current' },
        { ...SAFE, state: 'previous' },
      ],
      T0 + HOUR,
    );
    const again = after(back, [LEAKED, SAFE], T0 + 2 * HOUR);
    assert.equal(
      only(again).replacedAt,
      T0 + 2 * HOUR,
      'the first promotion of the safe one says nothing of the second',
    );
    const told = again.outbox.flatMap((fact) =>
      fact.type === 'lifecycle' && fact.what === 'replaced' ? [fact.incident?.sinceReported] : [],
    );
    assert.deepEqual(told, [MINUTE, 2 * HOUR]);
    assert.equal(new Set(again.outbox.map((fact) => fact.id)).size, again.outbox.length);
  });

  it('is taken back where what had ended turns out to be active', () => {
    const ended: Credential = { ...LEAKED, state: 'ended', endedAt: T0 + MINUTE };
    const over = withMilestones(token(ended, SAFE), T0 + 2 * MINUTE);
    assert.equal(only(over).containedAt, T0 + MINUTE);
    const active = after(over, [{ ...LEAKED, state: 'revoking' }, SAFE], T0 + HOUR);
    assert.deepEqual([only(active).containedAt, steps(active).at(-1)], [undefined, 'containment-withdrawn']);
    assert.equal(
      only(after(active, [{ ...ended, endedAt: T0 + 2 * HOUR }, SAFE], T0 + 3 * HOUR)).containedAt,
      T0 + 2 * HOUR,
    );
  });

  it(
    'has consumers that moved until what leaked is current again, ' +
      'or runs again in a version of a service',
    () => {
      const moved = withMilestones(token({ ...LEAKED, state: 'ended', endedAt: T0 }, SAFE), T0 + HOUR);
      assert.equal(only(moved).movedAt, T0 + HOUR);
      const service = {
        name: 's',
        kind: 'service' as const,
        target: 'api',
        uses: [{ version: '1', credentialId: 'v1', notedAt: T0, by: 'ci' }],
      };
      const running = withMilestones({ ...moved, consumers: [service] }, T0 + 2 * HOUR);
      assert.deepEqual(
        [only(running).movedAt, steps(running).at(-1), isInService(running, OUT)],
        [undefined, 'move-withdrawn', true],
      );
      const back = after(
        moved,
        [
          { ...LEAKED, state: 'current' },
          { ...SAFE, state: 'previous' },
        ],
        T0 + 2 * HOUR,
      );
      assert.deepEqual(
        [only(back).movedAt, only(back).replacedAt, only(back).containedAt],
        [undefined, undefined, undefined],
      );
    },
  );

  it('stays while a later rotation delivers another value, which says nothing of what leaked', () => {
    const moved = withMilestones(token({ ...LEAKED, state: 'ended', endedAt: T0 }, SAFE), T0 + HOUR);
    const later = after(
      moved,
      [
        { ...LEAKED, state: 'ended', endedAt: T0 },
        { ...SAFE, state: 'previous' },
        { ...SAFE, id: 'v3', handle: 'h3', fingerprint: 'f3', promotedAt: T0 + 2 * HOUR },
      ],
      T0 + 2 * HOUR,
    );
    assert.deepEqual(
      [only(later).movedAt, only(later).replacedAt],
      [only(moved).movedAt, only(moved).replacedAt],
    );
  });

  it('counts what AWSCURRENT names after a forced revocation: that never replaces what leaked', () => {
    const order = { cause: 'incident', at: T0 } as const;
    const ended = token({ ...LEAKED, state: 'ended', endedAt: T0, forcedRevocation: order });
    assert.deepEqual([isReplaced(ended, OUT), isContained(ended, OUT)], [false, true]);
    assert.ok(
      isReplaced(
        token({ ...LEAKED, state: 'ended' }, { ...SAFE, state: 'ended', forcedRevocation: order }),
        OUT,
      ),
    );
    assert.equal(holderOfCurrent(token()), undefined);
    assert.ok(!isReplaced(token(), OUT));
  });
});

describe('what is made current again and again', () => {
  function returnsEvery(length: number): Token {
    let doing = withIncidents(token(LEAKED, SAFE), T0 + MINUTE);
    for (let time = 1; time <= MOST_RETURNS; time++) {
      doing = withIncidents(
        { ...doing, credentials: [currentAgain(LEAKED, T0 + time * length), { ...SAFE, state: 'previous' }] },
        T0 + time * length,
      );
      if (time < MOST_RETURNS)
        doing = withIncidents({ ...doing, credentials: [LEAKED, SAFE] }, T0 + time * length + MINUTE);
    }
    return doing;
  }

  it('is a question for a person from the third time in a day on; the answer starts a new count', () => {
    const held = returnsEvery(HOUR);
    assert.equal(only(held).held, true);
    const freed = withReport(
      held,
      { exposed: [{ id: 'v1' }], source: 'ann', reportedAt: T0 + DAY, held: false },
      'ann',
    );
    assert.deepEqual([only(freed).held, only(freed).returns], [undefined, undefined]);
  });

  it('is answered each time where a day lies between', () => {
    const answered = returnsEvery(RETURNS_WITHIN);
    assert.equal(only(answered).held, undefined);
    assert.equal(answered.credentials[0]?.withoutGrace, true);
  });
});

describe('pruning', () => {
  it('drops nothing that an incident on record names, and not what AWSCURRENT stands on', () => {
    const many = Array.from({ length: 12 }, (_, index): Credential => ({
      id: `d${index}`,
      origin: 'minted',
      state: 'ended',
    }));
    const attempts = Array.from({ length: 12 }, (_, index) => ({
      id: `a${index}`,
      cause: 'due' as const,
      state: 'aborted' as const,
      openedAt: T0,
      deadline: T0,
      tidy: true,
      mints: [{ at: T0, handle: index === 0 ? 'h1' : `m${index}` }],
    }));
    const left = pruned(
      {
        ...token(
          { ...LEAKED, state: 'ended' },
          { id: 'ordered', origin: 'minted', state: 'ended', forcedRevocation: { cause: 'max-age', at: T0 } },
          ...many,
        ),
        attempts,
      },
      T0,
    );
    assert.deepEqual(
      left.credentials.slice(0, 2).map((one) => one.id),
      ['v1', 'ordered'],
    );
    assert.deepEqual(left.attempts.map((one) => one.id).slice(0, 1), ['a0']);
    assert.ok(left.credentials.length < 10 && left.attempts.length < 10);
  });
});

describe('milestones', () => {
  type Act = { readonly kind: 'expose' | 'promote' | 'label' | 'end' | 'revive'; readonly which: number };
  const acts = fc.array(
    fc.record({
      kind: fc.constantFrom<Act['kind']>('expose', 'promote', 'label', 'end', 'revive'),
      which: fc.nat({ max: 9 }),
    }),
    { maxLength: 25 },
  );

  /** Records are saved after each act, as they are in the engine. */
  function lived(history: readonly Act[]): { token: Token; now: number } {
    let doing = aToken({
      credentials: [{ ...SAFE, id: 'v0', versionId: 'v0', handle: 'h0', fingerprint: 'f0', promotedAt: T0 }],
    });
    let now = T0;
    for (const [index, worker] of history.entries()) {
      now = T0 + (index + 1) * 7 * HOUR;
      doing = withIncidents(done(doing, worker, now), now);
    }
    return { token: doing, now };
  }

  function done(one: Token, { kind, which }: Act, now: number): Token {
    const target = one.credentials[which % Math.max(1, one.credentials.length)];
    if (!target) return one;
    const superseded = one.credentials.map((same): Credential =>
      same.state === 'current' ? { ...same, state: 'previous', supersededAt: now } : same,
    );
    const made: Credential = {
      id: `n${now}`,
      versionId: `n${now}`,
      handle: `h${now}`,
      fingerprint: `f${now}`,
      origin: 'minted',
      state: 'current',
      promotedAt: now,
    };
    const changed = (change: Partial<Credential>): Credential[] =>
      one.credentials.map((same) => (same.id === target.id ? { ...same, ...change } : same));
    switch (kind) {
      case 'expose':
        return withReport(
          one,
          {
            exposed: [{ id: target.id, ...(target.handle !== undefined && { handle: target.handle }) }],
            source: 'a scanner',
            reportedAt: now,
            held: false,
          },
          'ann',
        );
      case 'promote':
        return { ...one, credentials: [...superseded, made] };
      case 'label':
        return {
          ...one,
          credentials: superseded.map((same) => (same.id === target.id ? currentAgain(same, now) : same)),
        };
      case 'end':
        return target.state === 'current'
          ? one
          : { ...one, credentials: changed({ state: 'ended', endedAt: now }) };
      case 'revive':
        return target.state === 'ended'
          ? { ...one, credentials: changed({ state: 'revoking', endedAt: undefined }) }
          : one;
    }
  }

  it('are what a look at the credentials alone tells, whatever happened before', () => {
    fc.assert(
      fc.property(acts, (history) => {
        const { token: at, now } = lived(history);
        for (const incident of at.incidents ?? []) {
          const {
            containedAt: _1,
            replacedAt: _2,
            movedAt: _3,
            withdrawn: _4,
            returns: _5,
            held: _6,
            ...bare
          } = incident;
          const fresh = only(withMilestones({ ...at, incidents: [bare], outbox: [] }, now));
          assert.deepEqual(
            [incident.containedAt !== undefined, incident.replacedAt !== undefined],
            [fresh.containedAt !== undefined, fresh.replacedAt !== undefined],
          );
          for (const reached of [incident.containedAt, incident.replacedAt, incident.movedAt])
            assert.ok(reached === undefined || reached >= incident.reportedAt);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are told in turns, each crossing and each withdrawal once, and end as they stand', () => {
    fc.assert(
      fc.property(acts, (history) => {
        const { token: at, now } = lived(history);
        assert.equal(new Set(at.outbox.map((fact) => fact.id)).size, at.outbox.length);
        assert.deepEqual(withIncidents(at, now), at, 'doing it twice changes nothing');
        for (const incident of at.incidents ?? []) {
          const told = at.outbox.flatMap((fact) =>
            fact.type === 'lifecycle' && fact.incident?.id === incident.id ? [fact.what] : [],
          );
          for (const [reached, taken, field] of [
            ['replaced', 'replacement-withdrawn', incident.replacedAt],
            ['contained', 'containment-withdrawn', incident.containedAt],
          ] as const) {
            const turns = told.filter((what) => what === reached || what === taken);
            turns.forEach((what, index) => assert.equal(what, index % 2 === 0 ? reached : taken));
            assert.equal(turns.length % 2 === 1, field !== undefined);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it(
    'never leave a live exposed credential unmarked, unless a person is asked, and none on its way to ' +
      'become current',
    () => {
      fc.assert(
        fc.property(acts, (history) => {
          const { token: at } = lived(history);
          for (const incident of at.incidents ?? []) {
            const open = incident.held !== true;
            for (const one of at.credentials.filter(
              (same) =>
                same.handle !== undefined && incident.exposed.some((out) => out.handle === same.handle),
            ))
              assert.ok(
                one.state !== 'rolling-back' && (!open || one.state === 'ended' || one.withoutGrace === true),
                `${one.id} is ${one.state}`,
              );
          }
        }),
        { numRuns: 300 },
      );
    },
  );
});
