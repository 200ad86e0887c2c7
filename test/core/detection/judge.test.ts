import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Access } from '../../../functions/core/detection/access.ts';
import { Baseline, MOST } from '../../../functions/core/detection/baseline.ts';
import type { Change } from '../../../functions/core/detection/change.ts';
import { judge } from '../../../functions/core/detection/judge.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';
import { aRead } from '../../detect/events.ts';
import { ABOUT, LEARNT, NOW, TOKEN, kinds, watched } from '../../detect/habits.ts';

const DEEDS: readonly Access['deed'][] = [
  'read',
  'read',
  'read',
  'read',
  'changed',
  'changed',
  'changed',
  'rotation-disabled',
  'rotation-set',
  'deleted',
  'restored',
];

/** Any traffic: few or many principals and networks, any times, denials, Keyturn's own calls among it. */
const anAccess: fc.Arbitrary<Access> = fc
  .record({
    id: fc.uuid(),
    at: fc.integer({ min: T0 - DAY, max: T0 + 400 * DAY }),
    deed: fc.constantFrom(...DEEDS),
    isDenied: fc.boolean(),
    principal: fc.nat(80).map((n) => `role/${n}`),
    isForeign: fc.boolean(),
    isOwn: fc.boolean(),
    network: fc.nat(60).map((n) => `10.${n}.0.0/16`),
    region: fc.constantFrom('eu-west-1', 'us-east-1', 'eu-north-1'),
    agent: fc.nat(30).map((n) => `agent-${n}`),
    changes: fc.subarray<Change>([
      { subject: 'value', severity: 'warning', what: 'stored another value' },
      { subject: 'tags', severity: 'info', what: 'changed its tags' },
      { subject: 'policy', severity: 'critical', what: 'opened it' },
    ]),
    stage: fc.constantFrom(undefined, 'AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING'),
  })
  .map((fields) => aRead(fields));

const traffic = fc.array(anAccess, { maxLength: 120 });

test('within a batch the order of events changes nothing', () => {
  fc.assert(
    fc.property(traffic, fc.integer(), (events, seed) => {
      const shuffled =
        fc.sample(fc.shuffledSubarray(events, { minLength: events.length }), { numRuns: 1, seed })[0] ?? [];
      assert.deepEqual(judge(TOKEN, undefined, shuffled, ABOUT), judge(TOKEN, undefined, events, ABOUT));
    }),
    { numRuns: 60 },
  );
});

test('events that come twice, in one batch or in the next, change nothing', () => {
  fc.assert(
    fc.property(traffic, (events) => {
      const once = judge(TOKEN, undefined, events, ABOUT);
      assert.deepEqual(judge(TOKEN, undefined, [...events, ...events], ABOUT), once);
      const again = judge(TOKEN, once.baseline, events, ABOUT);
      assert.deepEqual([again.baseline, again.unusual, again.over], [once.baseline, [], []]);
    }),
    { numRuns: 60 },
  );
});

test(
  'whatever the traffic, a baseline stays within its bounds, can ' +
    'be stored, and keeps no count below zero',
  () => {
    fc.assert(
      fc.property(fc.array(traffic, { maxLength: 5 }), (batches) => {
        let baseline: Baseline | undefined;
        for (const events of batches) baseline = judge(TOKEN, baseline, events, ABOUT).baseline;
        if (!baseline) return;
        assert.deepEqual(Baseline.parse(baseline), baseline);
        for (const list of ['readers', 'regions', 'agents', 'denials', 'marks'] as const)
          assert.ok(baseline[list].length <= MOST[list], list);
        for (const reader of baseline.readers)
          assert.ok(reader.networks.length <= MOST.networks && reader.weight >= 0 && reader.fresh >= 0);
        assert.ok(baseline.rate.open.length <= 3 && baseline.rate.shape.length <= 41);
        assert.ok(JSON.stringify(baseline).length < 64_000);
      }),
      { numRuns: 40 },
    );
  },
);

test('nothing is ever found in, or learnt from, what Keyturn itself does', () => {
  fc.assert(
    fc.property(traffic, (events) => {
      const others = events.filter((one) => !one.isOwn);
      assert.deepEqual(judge(TOKEN, undefined, events, ABOUT), judge(TOKEN, undefined, others, ABOUT));
      assert.deepEqual(
        judge(
          TOKEN,
          undefined,
          events.map((one) => ({ ...one, isOwn: true })),
          ABOUT,
        ),
        { baseline: undefined, unusual: [], over: [] },
      );
    }),
    { numRuns: 40 },
  );
});

test('after learning, the first read of any principal not seen before is found, if few others are', () => {
  const week = Array.from({ length: 24 * 20 }, (_, hour) => aRead({ at: T0 + hour * HOUR }));
  const learnt = judge(TOKEN, undefined, week, ABOUT).baseline;
  fc.assert(
    fc.property(anAccess, (access) => {
      const read: Access = { ...access, at: T0 + 21 * DAY, deed: 'read', isDenied: false, isOwn: false };
      assert.ok(
        judge(TOKEN, learnt, [read], ABOUT).unusual.some(
          (one) => one.kind === 'reader-unrecognized' && one.subject === read.principal,
        ),
      );
    }),
    { numRuns: 40 },
  );
});

test('what ends a finding ends it, in the order of events', () => {
  const at = (minute: number, deed: Access['deed']): Access => aRead({ at: NOW + minute * MINUTE, deed });
  const over = judge(
    watched(),
    LEARNT,
    [
      at(2, 'restored'),
      at(1, 'deleted'),
      at(3, 'rotation-disabled'),
      {
        ...at(4, 'rotation-set'),
        rotationFunction: 'arn:aws:lambda:eu-west-1:111122223333:function:keyturn-main-rotate-gitlab',
      },
    ],
    ABOUT,
  );
  assert.deepEqual(over.unusual, []);
  assert.deepEqual(over.over, ['secret-deleted', 'rotation-disabled']);
  const back = judge(watched(), LEARNT, [at(1, 'restored'), at(2, 'deleted')], ABOUT);
  assert.deepEqual(kinds(back.unusual), ['secret-deleted critical']);
  assert.deepEqual(back.over, []);
});
