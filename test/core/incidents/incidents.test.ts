import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  allExposed,
  answered,
  credentialWith,
  incidentsOf,
  isOpen,
  replacementWish,
  withIncidents,
  withReport,
  type Report,
} from '../../../functions/core/incidents/incidents.ts';
import { parseFreeze } from '../../../functions/core/basics/freezes.ts';
import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import { nextRotation, rotationWish } from '../../../functions/core/rotation/next-rotation.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Attempt } from '../../../functions/core/token/attempt.ts';
import type { Consumer } from '../../../functions/core/consumers/consumer-state.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { slotsOf } from '../../fakes/facts.ts';

function credential(change: Partial<Credential> = {}): Credential {
  return {
    id: 'v1',
    versionId: 'v1',
    handle: 'h1',
    fingerprint: 'f1',
    origin: 'minted',
    state: 'current',
    promotedAt: T0,
    ...change,
  };
}

function attempt(change: Partial<Attempt> = {}): Attempt {
  return { id: 'a1', cause: 'due', state: 'open', openedAt: T0, deadline: T0 + HOUR, mints: [], ...change };
}

const LEAK: Report = {
  exposed: [{ id: 'v1', handle: 'h1', fingerprint: 'f1' }],
  source: 'a scanner',
  reportedAt: T0 + HOUR,
  held: false,
};
const OLD = credential({
  id: 'v0',
  versionId: 'v0',
  handle: 'h0',
  fingerprint: 'f0',
  state: 'previous',
  supersededAt: T0,
});

function leaked(change: Partial<Token> = {}, report: Partial<Report> = {}): Token {
  return withIncidents(
    withReport(aToken({ credentials: [OLD, credential()], ...change }), { ...LEAK, ...report }, 'ann'),
    T0 + HOUR,
  );
}

function stateAfter(token: Token, credentials: Credential[], now: number): Token {
  return withIncidents({ ...token, credentials }, now);
}

describe('a report', () => {
  it('condemns what leaked and nothing else, and wants a rotation at once', () => {
    const token = leaked();
    assert.deepEqual(
      token.credentials.map((one) => one.withoutGrace ?? false),
      [false, true],
    );
    assert.deepEqual(rotationWish(token), { at: T0 + HOUR, cause: 'incident' });
  });

  it('joins the incident of the same credential, and keeps the earliest exposure', () => {
    const twice = withReport(
      leaked({}, { exposedAt: T0 }),
      { ...LEAK, exposedAt: T0 - DAY, reportedAt: T0 + 2 * HOUR },
      'bob',
    );
    assert.equal(incidentsOf(twice).length, 1);
    assert.equal(incidentsOf(twice)[0]?.exposedAt, T0 - DAY);
    assert.equal(incidentsOf(twice)[0]?.reportedAt, T0 + HOUR);
  });

  it('knows a credential that was stored again under another version', () => {
    const moved = stateAfter(leaked(), [OLD, credential({ id: 'v9', versionId: 'v9' })], T0 + 2 * HOUR);
    assert.equal(moved.credentials[1]?.withoutGrace, true);
    assert.equal(incidentsOf(moved)[0]?.replacedAt, undefined);
  });

  it('that is held changes nothing until one that is not joins it', () => {
    const held = leaked({}, { held: true });
    assert.ok(held.credentials.every((one) => one.withoutGrace !== true));
    assert.deepEqual([answered(held).length, replacementWish(held)], [0, undefined]);
    const freed = withIncidents(withReport(held, LEAK, 'ann'), T0 + 2 * HOUR);
    assert.equal(freed.credentials[1]?.withoutGrace, true);
    assert.equal(
      withReport(freed, { ...LEAK, held: true }, 'machine').incidents?.[0]?.held,
      undefined,
      'what a person let go is not held again',
    );
  });

  it('names what a running rotation made, which has no version of its own yet', () => {
    const token = aToken({
      credentials: [credential()],
      attempts: [attempt({ mints: [{ at: T0, handle: 'h2', fingerprint: 'f2' }] })],
    });
    assert.deepEqual(credentialWith(token, 'f2'), { id: 'made/h2', handle: 'h2', fingerprint: 'f2' });
    assert.deepEqual(
      allExposed(token).map((one) => one.handle),
      ['h1', 'h2'],
    );
    assert.equal(credentialWith(token, 'f3'), undefined);
  });
});

describe('the answer', () => {
  it('stops every rotation but its own', () => {
    const token = leaked({ attempts: [attempt(), attempt({ id: 'a2', cause: 'incident' })] });
    assert.deepEqual(
      token.attempts.map((one) => one.halted ?? false),
      [true, false],
    );
    assert.deepEqual(
      token.attempts.map((one) => one.inactive ?? false),
      [true, false],
    );
  });

  it('leaves a rotation alone when only an old credential leaked', () => {
    const token = leaked({ attempts: [attempt()] }, { exposed: [{ id: 'v0', handle: 'h0' }] });
    assert.equal(token.attempts[0]?.halted, undefined);
    assert.equal(incidentsOf(token)[0]?.replacedAt, T0 + HOUR);
  });

  it(
    'is over when all that leaked is revoked and something else is current, and each step is reported ' +
      'once with its time',
    () => {
      const at = T0 + HOUR + 5 * MINUTE;
      const replaced = stateAfter(
        leaked({}, { exposedAt: T0 }),
        [
          credential({ state: 'previous', supersededAt: at }),
          credential({ id: 'v2', handle: 'h2', fingerprint: 'f2', promotedAt: at }),
        ],
        at,
      );
      assert.equal(incidentsOf(replaced)[0]?.replacedAt, at);
      assert.ok(incidentsOf(replaced).every(isOpen));
      const over = stateAfter(
        replaced,
        [
          credential({ state: 'ended', endedAt: at + MINUTE }),
          credential({ id: 'v2', handle: 'h2', fingerprint: 'f2', promotedAt: at }),
        ],
        at + MINUTE,
      );
      assert.equal(incidentsOf(over)[0]?.containedAt, at + MINUTE);
      assert.ok(!incidentsOf(over).some(isOpen));
      const steps = withIncidents(over, at + HOUR).outbox.flatMap((fact) =>
        fact.type === 'lifecycle'
          ? [[fact.what, fact.incident?.sinceReported, fact.incident?.sinceExposed]]
          : [],
      );
      assert.deepEqual(steps, [
        ['leaked', 0, HOUR],
        ['replaced', 5 * MINUTE, HOUR + 5 * MINUTE],
        ['contained', 6 * MINUTE, HOUR + 6 * MINUTE],
        ['consumers-moved', HOUR + 5 * MINUTE, 2 * HOUR + 5 * MINUTE],
      ]);
    },
  );

  it('has consumers that have moved once each of them is known to have, and not before', () => {
    const at = T0 + HOUR;
    const credentials = [
      credential({ state: 'ended', endedAt: at }),
      credential({ id: 'v2', handle: 'h2', fingerprint: 'f2', promotedAt: at }),
    ];
    const over = stateAfter(leaked(), credentials, at);
    const moved = (...consumers: Consumer[]): boolean =>
      incidentsOf(withIncidents({ ...over, consumers }, at + HOUR))[0]?.movedAt !== undefined;
    const said = (when: number) => ({ acknowledged: { credentialId: 'v2', at: when, by: 'ann' } });
    const ack: Consumer = { name: 'a', kind: 'ack', target: 'team' };
    const uses = (change: object) => [{ version: '1', credentialId: 'v1', notedAt: T0, by: 'ci', ...change }];
    const service: Consumer = { name: 's', kind: 'service', target: 'api' };
    assert.deepEqual([moved(), moved({ name: 'r', kind: 'role', target: 'api' })], [true, true]);
    assert.deepEqual(
      [moved(ack), moved({ ...ack, ...said(at - 1) }), moved({ ...ack, ...said(at) })],
      [false, false, true],
    );
    assert.deepEqual(
      [
        moved({ ...service, uses: uses({}) }),
        moved({ ...service, uses: uses({ releasedAt: at }) }),
        moved({ ...service, uses: uses({ credentialId: 'v2' }) }),
      ],
      [false, true, true],
    );
  });

  it('changes nothing when it is worked out twice', () => {
    const once = leaked({ attempts: [attempt()] });
    assert.deepEqual(withIncidents(once, T0 + HOUR), once);
  });

  it('tries again soon after a failure, where another rotation would wait for hours', () => {
    const failed = leaked({ failures: 6, failedAt: T0 + HOUR });
    const next = nextRotation(failed, { slots: slotsOf(9) }, T0 + HOUR);
    assert.deepEqual([next?.at, next?.cause], [T0 + HOUR + 5 * MINUTE, 'incident']);
  });

  it('waits for no window and no freeze', () => {
    const closed = {
      ...DEFAULT_POLICY,
      freezes: [parseFreeze('2026-01-01..2026-02-01 Europe/Berlin')].filter((one) => one !== undefined),
    };
    assert.equal(closed.freezes.length, 1);
    const next = nextRotation(leaked({ policy: closed }), { slots: slotsOf(9) }, T0 + HOUR);
    assert.deepEqual([next?.at, next?.cause, next?.waitsFor], [T0 + HOUR, 'incident', undefined]);
  });

  it('is kept for 90 days, in a bounded list, and never forgotten while it is open', () => {
    const ended = credential({ state: 'ended', endedAt: T0 });
    const now = credential({ id: 'v2', handle: 'h2', fingerprint: 'f2' });
    const reports = Array.from({ length: 30 }, (_, index): Report => ({
      ...LEAK,
      exposed: [{ id: `x${index}`, handle: `x${index}` }],
    }));
    const many = reports.reduce(
      (doing, report) => withReport(doing, report, 'ann'),
      leaked({ credentials: [ended, now] }),
    );
    assert.equal(incidentsOf(withIncidents(many, T0 + HOUR)).length, 20);
    assert.equal(incidentsOf(withIncidents(many, T0 + 100 * DAY)).length, 0);
    assert.equal(incidentsOf(withIncidents(leaked(), T0 + 100 * DAY)).length, 1);
  });
});
