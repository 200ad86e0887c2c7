import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isSound, soak, wrongIn } from './soak.ts';

const HELP = `Lets many tokens of all providers live through a year of virtual time, admin credentials among
them, with random faults, storms, mistakes of people, requests of operators, and values found in public,
while consumers use them; then heals everything and judges the outcome from the issuers' own lists and logs.

  npm run soak                      1,000 tokens for 365 days
  npm run soak -- --tokens 200      fewer
  npm run soak -- --days 30         for a shorter time
  npm run soak -- --seed 7          another chance
  npm run soak -- --calm            without faults and mistakes
  npm run soak -- --json            one JSON object on stdout
`;

const { values } = parseArgs({
  options: {
    tokens: { type: 'string', default: '1000' },
    days: { type: 'string', default: '365' },
    seed: { type: 'string', default: '20260105' },
    threads: { type: 'string', default: String(availableParallelism()) },
    calm: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A whole number above zero. */
function count(name: 'tokens' | 'days' | 'seed' | 'threads'): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${name} is "${values[name]}": write a whole number above zero.`);
}

function counted(all: readonly (readonly [what: string, times: number])[]): string {
  return all.map(([what, times]) => `${what} ${times}`).join(', ');
}

async function run(): Promise<boolean> {
  const started = performance.now();
  const report = await soak(
    {
      tokens: count('tokens'),
      days: count('days'),
      seed: count('seed'),
      threads: count('threads'),
      troubled: !values.calm,
    },
    (shard, one) => {
      say(
        `${shard.provider}, ${shard.tokens} tokens, seed ${shard.seed}: ${one.rotations} rotations, ` +
          `${one.faults} faults, ${one.alerts} alerts, ${one.consumerCalls} calls of consumers`,
      );
      for (const complaint of one.complaints) say(`    ${complaint}`);
    },
  );
  const seconds = Math.round((performance.now() - started) / 1000);
  if (values.json) process.stdout.write(`${JSON.stringify({ ...report, seconds })}\n`);
  say(
    `${report.tokens} tokens, ${report.days} days, ${report.rotations} rotations, ` +
      `${report.adminRotations} of admin credentials, ${report.faults} faults, ` +
      `${report.deliveries} deliveries, ${report.alerts} alerts, ${report.consumerCalls} calls of ` +
      `consumers in ${seconds} s`,
  );
  say(`people: ${counted(Object.entries(report.people))}`);
  say(counted(wrongIn(report)));
  return isSound(report);
}

if (values.help) say(HELP);
else process.exitCode = (await run()) ? 0 : 1;
