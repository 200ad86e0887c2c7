import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { USUAL } from '../usual-issuers.ts';
import { classOf, oneOfEach } from './classes.ts';
import { describe, plan, report, runAll } from './grid.ts';
import { nameOf, runCase, type CaseResult } from './run.ts';

/** A fixed part of the grid; `npm run faults` runs all of it. */
const EVERY = 2_203;

test('a token survives every fault at every call: a fixed sample of the grid', async () => {
  const { cases, points } = await plan({ every: EVERY });
  const failures: string[] = [];
  const results = await runAll(cases, 1, (result) => failures.push(describe(result)));
  const summary = report(results, points, 0);
  assert.deepEqual(failures, []);
  assert.equal(summary.providers.length, 3);
  assert.ok(summary.runs > 20, `only ${summary.runs} runs`);
  assert.ok(
    summary.providers.every((one) => one.points > 100),
    'a life makes fewer calls than it should',
  );
});

test('so does one whose values a person creates, and revokes where only people can', async () => {
  const { cases, points } = await plan({ providers: ['github', 'stripe'], every: EVERY });
  const results: CaseResult[] = [];
  for (const one of cases) results.push(await runCase(one));
  assert.deepEqual(results.filter(({ violations }) => violations.length > 0).map(describe), []);
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

test('calls to the issuer, and those to AWS, can be run alone', async () => {
  const planned = async (target?: 'issuer' | 'aws', faults?: string[]): Promise<number> =>
    (await plan({ providers: ['okta'], every: 1, target, faults })).cases.filter((one) => one.plan).length;
  const [issuer, aws] = [await planned('issuer'), await planned('aws')];
  assert.ok(issuer > 0 && aws > 0);
  assert.equal(issuer + aws, await planned());
  // A fault that only an issuer has.
  assert.equal(await planned('aws', ['unavailable-once']), 0);
  assert.ok((await planned('issuer', ['unavailable-once'])) > 0);
});

test('of what is alike, once leaves out most, and nothing of a kind of its own', async () => {
  const { cases } = await plan({ providers: ['okta'], every: 1, faults: ['reset'], once: true });
  const all = (await plan({ providers: ['okta'], every: 1, faults: ['reset'] })).cases;
  const names = new Set(all.map(nameOf));
  assert.ok(cases.length < all.length);
  assert.deepEqual(
    cases.map(nameOf).filter((name) => !names.has(name)),
    [],
  );
});

test('each class of issuers is tried by one of it, and by no second one', () => {
  const tried = oneOfEach(DESCRIPTORS).map((id) => DESCRIPTORS.find((one) => one.id === id));
  const classes = tried.flatMap((one) => (one ? [classOf(one)] : []));
  assert.deepEqual(classes.toSorted(), [...new Set(DESCRIPTORS.map(classOf))].toSorted());
  assert.ok(USUAL.every(({ id }) => oneOfEach(DESCRIPTORS).includes(id)));
  // Each part of a class makes another one.
  const [one = assert.fail('there is no descriptor')] = USUAL;
  const others: (typeof one)[] = [
    { ...one, slots: { of: ['user'], count: 5 } },
    { ...one, slots: { of: ['user'], names: ['a', 'b'] } },
    { ...one, slots: { of: ['user'], names: ['a'] } },
    { ...one, value: 'person' },
    { ...one, found: 'never' },
    { ...one, check: 'none' },
    { ...one, disables: true },
  ];
  assert.equal(new Set([one, ...others].map(classOf)).size, 1 + others.length);
});
