import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { PROVIDERS } from '../../functions/providers/registry.ts';
import { ALL_SUBJECTS, CONDITIONS, type Case, type Condition, runCase } from './run.ts';
import { DISTURBANCES, FAULTS } from '../world/faults.ts';
import { BUNDLE_CASES, caseOfBundle, type BundleCase } from './bundle-cases.ts';
import { describeBundle, runBundles, type BundleResult } from './bundles.ts';
import { oneOfEach } from './classes.ts';
import { describe, plan, report, runAll } from './grid.ts';
import { chosenOf, selectionOf, type Chosen } from './selection.ts';

const HELP = `Makes every outgoing call of a token's whole life fail in every way, one at a time, and judges
the outcome from the issuer's own list.
Last, a sample of it is run through the bundles that would be deployed, in the sandbox.

  npm run faults                                  all of it
  npm run faults -- --provider gitlab             one provider
  npm run faults -- --classes                     one provider of each class, so without --provider
  npm run faults -- --target issuer               at calls to the issuer alone, or --target aws
  npm run faults -- --once                        of alike invocations, at the first and the last
  npm run faults -- --every 10                    every tenth case
  npm run faults -- --fault dies-after            one fault at every call
  npm run faults -- --only gitlab/plain/41/reset  one case again, as a failure names it
  npm run faults -- --no-bundles                  without the sample through the bundles
  npm run faults -- --json                        one JSON object on stdout
`;

const { values } = parseArgs({
  options: {
    provider: { type: 'string', multiple: true },
    every: { type: 'string', default: '1' },
    classes: { type: 'boolean', default: false },
    target: { type: 'string' },
    once: { type: 'boolean', default: false },
    fault: { type: 'string', multiple: true },
    only: { type: 'string' },
    threads: { type: 'string', default: String(availableParallelism()) },
    'no-bundles': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Of those that the grid can run. */
const IN_CLASSES = oneOfEach(ALL_SUBJECTS.flatMap(({ id }) => PROVIDERS.get(id)?.descriptor ?? []));

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Reads the name of a case, such as `okta/disorder/12/dies-after`. */
function caseNamed(name: string): Case {
  const [provider = '', condition = '', index = '', fault = ''] = name.split('/');
  const known = CONDITIONS.find((one): one is Condition => one === condition);
  const named = [...FAULTS, ...DISTURBANCES].find((one) => one === fault);
  if (!ALL_SUBJECTS.some((one) => one.id === provider) || !known)
    throw new Error(`There is no case ${name}: a name is provider/condition/call/fault.`);
  return { provider, condition: known, plan: named ? { index: Number(index), fault: named } : undefined };
}

function targetNamed(name: string | undefined): 'issuer' | 'aws' | undefined {
  if (name === undefined || name === 'issuer' || name === 'aws') return name;
  throw new Error(`There is no --target ${name}: it is issuer or aws.`);
}

/** Runs cases through the bundles and says what failed. */
async function throughBundles(cases: readonly BundleCase[]): Promise<BundleResult[]> {
  if (cases.length === 0) return [];
  say(`${cases.length} runs through the bundles`);
  const results = await runBundles(cases);
  for (const result of results) if (result.violations.length > 0) say(describeBundle(result));
  return results;
}

async function replay(name: string): Promise<boolean> {
  const bundle = caseOfBundle(name);
  if (bundle) {
    const [result] = await throughBundles([bundle]);
    if (result?.violations.length === 0) say(`${name}\n    survived`);
    return result?.violations.length === 0;
  }
  const result = await runCase(caseNamed(name));
  say(describe(result));
  if (result.violations.length === 0) say('    survived');
  return result.violations.length === 0;
}

async function grid(chosen: Chosen): Promise<boolean> {
  const started = performance.now();
  const { cases, points } = await plan({
    providers: chosen.providers,
    target: targetNamed(values.target),
    faults: values.fault,
    once: values.once,
    every: chosen.every,
  });
  say(`${cases.length} runs on ${chosen.threads} threads`);
  const results = await runAll(cases, chosen.threads, (result) => say(describe(result)));
  const bundles = values['no-bundles'] ? [] : await throughBundles(chosenOf(BUNDLE_CASES, chosen));
  const summary = report([...results, ...bundles], points, Math.round((performance.now() - started) / 1000));
  if (values.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  for (const one of summary.providers)
    say(
      `${one.id} (found by ${one.found}): ${one.points} calls in a life, ` +
        `${one.survived} of ${one.runs} runs survived`,
    );
  say(`${summary.survived} of ${summary.runs} runs survived in ${summary.seconds} s`);
  return summary.survived === summary.runs;
}

/** What the flags choose; says what is wrong with them, in place of a stack, and is undefined then. */
function chosenByFlags(): Chosen | undefined {
  try {
    return selectionOf(values, IN_CLASSES);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

async function run(): Promise<boolean> {
  if (values.only !== undefined) return replay(values.only);
  const chosen = chosenByFlags();
  return chosen !== undefined && grid(chosen);
}

if (values.help) say(HELP);
else process.exitCode = (await run()) ? 0 : 1;
