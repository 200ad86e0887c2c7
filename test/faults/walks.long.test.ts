import { test } from 'node:test';
import * as fc from 'fast-check';
import { SUBJECTS } from './run.ts';
import { walk, type Step, type Walk } from './walk.ts';

/** How many walks; the nightly run takes thousands. */
const RUNS = Number(process.env['KEYTURN_WALKS'] ?? 40);
/** With the seed and path that a failure prints, the same walk is taken again. */
const SEED = Number(process.env['KEYTURN_WALKS_SEED'] ?? 20_260_105);
const PATH = process.env['KEYTURN_WALKS_PATH'];

const token = fc.nat({ max: 2 });
const waits = fc
  .oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 40, max: 300 }))
  .map((minutes): Step => ({ kind: 'wait', minutes }));
const faults = fc.record({
  kind: fc.constant('fault'),
  after: fc.nat({ max: 60 }),
  fault: fc.constantFrom('dies-before', 'dies-after', 'lost-answer', 'reset'),
} as const);
const asked = fc.record({ kind: fc.constantFrom('rotate', 'rollback', 'console-rotates'), token } as const);
const policies = fc.constantFrom<Readonly<Record<string, string>>>(
  { 'keyturn:min-grace': '0m', 'keyturn:unused-for': '5m' },
  { 'keyturn:min-grace': '1h' },
  { 'keyturn:rotate-every': '2h' },
  { 'keyturn:rotate-every': '5h', 'keyturn:evidence': 'time' },
  { 'keyturn:max-grace': '2h', 'keyturn:on-max-grace': 'revoke' },
);
const changed = policies.chain((tags) => token.map((one): Step => ({ kind: 'policy', token: one, tags })));
/** What breaks consumers by a person's own doing. */
const broken: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('labels-moved', 'revoked-by-hand'), token } as const),
  fc.record({ kind: fc.constant('revoke'), token, which: fc.constantFrom('current', 'previous') } as const),
);

/** Somebody finds the current value in public. */
const leaked = fc.record({ kind: fc.constant('leaked'), token } as const);

const steps = fc.oneof(
  { weight: 6, arbitrary: waits },
  { weight: 4, arbitrary: faults },
  { weight: 4, arbitrary: asked },
  { weight: 1, arbitrary: changed },
  { weight: 1, arbitrary: leaked },
  { weight: 1, arbitrary: broken },
);

const walks: fc.Arbitrary<Walk> = fc.record({
  provider: fc.constantFrom(...SUBJECTS.map((one) => one.id)),
  tokens: fc.array(fc.constantFrom('by-hand', 'empty'), { minLength: 2, maxLength: 3 }),
  steps: fc.array(steps, { minLength: 4, maxLength: 14, size: 'max' }),
});

test('whatever happens in any order, the invariants hold, and every token comes to rest', async () => {
  const property = fc.asyncProperty(walks, async (given) => {
    const violations = await walk(given);
    if (violations.length > 0) throw new Error(violations.join('\n'));
  });
  await fc.assert(property, { seed: SEED, numRuns: RUNS, ...(PATH === undefined ? {} : { path: PATH }) });
});
