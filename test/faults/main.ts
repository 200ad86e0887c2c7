import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { CONDITIONS, SUBJECTS, type Case, type Condition, runCase } from './run.ts';
import { DISTURBANCES, FAULTS } from '../world/faults.ts';
import { describe, plan, report, runAll } from './grid.ts';

const HELP = `Makes every outgoing call of a token's whole life fail in every way, one at a time, and judges the outcome from the issuer's own list.

  npm run faults                                  all of it
  npm run faults -- --provider gitlab             one provider
  npm run faults -- --every 10                    every tenth case
  npm run faults -- --only gitlab/plain/41/reset  one case again, as a failure names it
  npm run faults -- --json                        one JSON object on stdout
`;

const { values } = parseArgs({
  options: {
    provider: { type: 'string', multiple: true },
    every: { type: 'string', default: '1' },
    only: { type: 'string' },
    threads: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Reads the name of a case, such as `okta/disorder/12/dies-after`. */
function caseNamed(name: string): Case {
  const [provider = '', condition = '', index = '', fault = ''] = name.split('/');
  const known = CONDITIONS.find((one): one is Condition => one === condition);
  const named = [...FAULTS, ...DISTURBANCES].find((one) => one === fault);
  if (!SUBJECTS.some((one) => one.id === provider) || !known) throw new Error(`There is no case ${name}: a name is provider/condition/call/fault.`);
  return { provider, condition: known, plan: named ? { index: Number(index), fault: named } : undefined };
}

async function replay(name: string): Promise<boolean> {
  const result = await runCase(caseNamed(name));
  say(describe(result));
  if (result.violations.length === 0) say('    survived');
  return result.violations.length === 0;
}

async function grid(): Promise<boolean> {
  const started = performance.now();
  const { cases, points } = await plan({ providers: values.provider, every: Math.max(1, Number(values.every)) });
  say(`${cases.length} runs on ${values.threads} threads`);
  const results = await runAll(cases, Math.max(1, Number(values.threads)), (result) => say(describe(result)));
  const summary = report(results, points, Math.round((performance.now() - started) / 1000));
  if (values.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  for (const one of summary.providers) say(`${one.id} (${one.shape}): ${one.points} calls in a life, ${one.survived} of ${one.runs} runs survived`);
  say(`${summary.survived} of ${summary.runs} runs survived in ${summary.seconds} s`);
  return summary.survived === summary.runs;
}

if (values.help) say(HELP);
else process.exitCode = (await (values.only === undefined ? grid() : replay(values.only))) ? 0 : 1;
