import { parseArgs } from 'node:util';
import { drawWalk } from './draw.ts';
import type { Walk } from './moves.ts';
import { play, type Played } from './play.ts';
import { predicateOf, shrink } from './shrink.ts';

const HELP = `Walks through a world with people in it, move by move from a seed, and judges it from what the
issuer and Secrets Manager really have.
A walk that fails is made as short as it can be, and printed with its seed and what happened.

  npm run walks                                    2,000 steps with the fixed seed
  npm run walks -- --steps 500 --seed 7            as many steps as these, from a seed of your own
  npm run walks -- --only 1234567                  one walk again, by the seed that a failure prints
  npm run walks -- --keep-on                       further walks after one that failed
  npm run walks -- --seconds 60                    no further walk after so many seconds
  npm run walks -- --shrink 10                     so many seconds at most to make a failing walk short
  npm run walks -- --provider aws-iam              at this issuer, instead of at one of the usual ones
  npm run walks -- --without host --without gone   without such moves, to look behind a fault that is known
  npm run walks -- --json                          one JSON object on stdout
`;

/** Moves in one walk: enough for a handful of people to get in each other's way. */
const LENGTH = 25;
const SHRINK_SECONDS = 60;

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '20260105' },
    only: { type: 'string' },
    length: { type: 'string', default: String(LENGTH) },
    shrink: { type: 'string', default: String(SHRINK_SECONDS) },
    seconds: { type: 'string', default: '3600' },
    provider: { type: 'string' },
    without: { type: 'string', multiple: true, default: [] },
    'keep-on': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

interface Failure extends Played {
  readonly seed: number;
  readonly path: Walk;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function numberIn(name: 'steps' | 'seed' | 'only' | 'length' | 'shrink' | 'seconds'): number {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 0)
    throw new Error(`--${name} has to be a whole number, such as 2000.`);
  return number;
}

async function shortest(seed: number, walk: Walk, played: Played): Promise<Failure> {
  const name = predicateOf(played.violations);
  const end = performance.now() + numberIn('shrink') * 1_000;
  const path = await shrink(
    { ...walk, moves: walk.moves.slice(0, played.steps) },
    async (one) => predicateOf((await play(one)).violations) === name,
    () => performance.now() > end,
  );
  return { ...(await play(path)), seed, path };
}

function describe({ seed, violations, path, story }: Failure): void {
  say(`\nthe walk ${seed} failed: ${violations.join('; ')}`);
  say(`  in ${JSON.stringify(path.setup)}`);
  for (const line of story) say(`  ${line}`);
}

function drawn(seed: number): Walk {
  const { setup: usual, moves } = drawWalk(seed, numberIn('length'));
  const setup = { ...usual, provider: values.provider ?? usual.provider };
  return { setup, moves: moves.filter(({ kind }) => !values.without.includes(kind)) };
}

/** Walks from seeds that follow one another, until so many steps were made. */
async function run(): Promise<boolean> {
  const started = performance.now();
  const first = numberIn(values.only === undefined ? 'seed' : 'only');
  const wanted = values.only === undefined ? numberIn('steps') : 1;
  const failures: Failure[] = [];
  const limits = new Set<string>();
  const known = new Set<string>();
  let [steps, walks] = [0, 0];
  const isOver = (): boolean => steps >= wanted || performance.now() - started > numberIn('seconds') * 1_000;
  for (let seed = first; !isOver() && (failures.length === 0 || values['keep-on']); seed++) {
    const walk = drawn(seed);
    const played = await play(walk);
    steps += played.steps;
    walks++;
    for (const one of played.known) known.add(`${seed}: ${one}`);
    for (const one of played.limits) limits.add(`${seed}: ${one}`);
    if (played.violations.length === 0) continue;
    const failure = await shortest(seed, walk, played);
    describe(failure);
    failures.push(failure);
  }
  const seconds = Math.round((performance.now() - started) / 1_000);
  const violations = failures.map(({ seed, violations, path, story }) => ({ seed, violations, path, story }));
  if (values.json) {
    const lists = { violations, known: [...known], limits: [...limits] };
    process.stdout.write(`${JSON.stringify({ seed: first, steps, seconds, walks, ...lists })}\n`);
  }
  say(
    `${steps} steps in ${walks} walks from the seed ${first} in ${seconds} s: ` +
      (violations.length === 0
        ? `everything held${known.size === 0 ? '' : `, but for ${known.size} faults that are known`}`
        : `${violations.length} walks failed`),
  );
  return violations.length === 0;
}

if (values.help) say(HELP);
else process.exitCode = (await run()) ? 0 : 1;
