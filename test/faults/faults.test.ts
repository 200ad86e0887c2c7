import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { describe, plan, report, runAll } from './grid.ts';

/** A fixed part of the grid; `npm run faults` runs all of it. */
const EVERY = 5_501;

test('a token survives every fault at every call: a fixed sample of the grid', async () => {
  const { cases, points } = await plan({ every: EVERY });
  const failures: string[] = [];
  const results = await runAll(cases, availableParallelism(), (result) => failures.push(describe(result)));
  const summary = report(results, points, 0);
  assert.deepEqual(failures, []);
  assert.equal(summary.providers.length, 3);
  assert.ok(summary.runs > 8, `only ${summary.runs} runs`);
  assert.ok(
    summary.providers.every((one) => one.points > 100),
    'a life makes fewer calls than it should',
  );
});

test('so does one whose values a person creates, and revokes where only people can', async () => {
  const { cases, points } = await plan({ providers: ['github', 'stripe'], every: EVERY });
  const failures: string[] = [];
  const results = await runAll(cases, availableParallelism(), (result) => failures.push(describe(result)));
  assert.deepEqual(failures, []);
  assert.deepEqual(
    report(results, points, 0).providers.map(({ id, runs }) => [id, runs > 5]),
    [
      ['github', true],
      ['stripe', true],
    ],
  );
});

test('a filter that fits nothing is an error', async () => {
  await assert.rejects(
    plan({ providers: ['git-lab'], every: 1 }),
    /no --provider git-lab\. There are .*gitlab/,
  );
  await assert.rejects(plan({ faults: ['dies'], every: 1 }), /no --fault dies\. There are dies-before/);
});
