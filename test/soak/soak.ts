import { Worker } from 'node:worker_threads';
import { SUBJECTS } from '../faults/run.ts';
import type { ShardPlan, ShardReport, Wrong } from './shard.ts';

export interface SoakPlan {
  readonly tokens: number;
  readonly days: number;
  readonly seed: number;
  readonly threads: number;
  readonly troubled: boolean;
}

/** What `npm run soak -- --json` prints. Counts; time in seconds. */
export interface SoakReport extends Omit<ShardReport, 'complaints'> {
  readonly days: number;
  readonly seed: number;
  readonly seconds: number;
}

/** Tokens that share one world, at most: many small worlds of one size keep all cores busy to the end. */
const IN_A_SHARD = 10;

/** Divides the tokens among the providers, and each provider's among worlds. */
export function shardsOf({ tokens, days, seed, troubled }: SoakPlan): ShardPlan[] {
  return SUBJECTS.flatMap(({ id }, at) => {
    const own = Math.floor(tokens / SUBJECTS.length) + (at < tokens % SUBJECTS.length ? 1 : 0);
    const worlds = Math.ceil(own / IN_A_SHARD);
    return Array.from({ length: worlds }, (_, world): ShardPlan => ({
      provider: id,
      tokens: Math.floor(own / worlds) + (world < own % worlds ? 1 : 0),
      days,
      seed: seed + at * 10_000 + world * 100,
      troubled,
    }));
  });
}

/** Lives every shard, each thread taking the next one that is left. */
export async function soak(
  plan: SoakPlan,
  told: (shard: ShardPlan, report: ShardReport) => void,
): Promise<Omit<SoakReport, 'seconds'>> {
  const left = shardsOf(plan);
  const reports: ShardReport[] = [];
  const work = async (): Promise<void> => {
    for (let shard = left.shift(); shard; shard = left.shift()) {
      const report = await liveElsewhere(shard);
      reports.push(report);
      told(shard, report);
    }
  };
  await Promise.all(Array.from({ length: plan.threads }, work));
  return { ...sumOf(reports), days: plan.days, seed: plan.seed };
}

function liveElsewhere(shard: ShardPlan): Promise<ShardReport> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: shard });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`A worker stopped with status ${code}.`)));
  });
}

type Counts = Omit<ShardReport, 'complaints'>;

/** Adds up numbers, and objects of numbers member by member. */
function added<T extends object>(one: T, other: T): T {
  const members = Object.entries(one).map(([key, value]: [string, unknown]) => {
    const more: unknown = Reflect.get(other, key);
    return [key, isMembers(value) && isMembers(more) ? added(value, more) : Number(value) + Number(more)];
  });
  return Object.fromEntries(members) as T;
}

function isMembers(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function sumOf(reports: readonly ShardReport[]): Counts {
  const [first, ...rest] = reports.map(({ complaints: _complaints, ...counts }): Counts => counts);
  if (!first) throw new Error('There is nothing to add up.');
  return rest.reduce(added, first);
}

/** What may not happen, in the words in which it is counted. */
export const WRONG: Readonly<Record<keyof Wrong, string>> = {
  silentExpiries: 'silent expiries',
  consumerFailures: 'refused calls',
  orphanedCredentials: 'orphaned credentials',
  findingsWithoutCause: 'findings without cause',
  findingsToldAnew: 'findings told anew',
  leakedValues: 'leaked values',
  uncontained: 'leaks not contained',
  undelivered: 'destinations behind',
  inactiveTokens: 'inactive tokens',
  untoldDeeds: 'deeds that no alert told of',
  undoneEdits: 'edits undone',
};

/** What of it happened how often. */
export function wrongIn(report: Wrong): [what: string, times: number][] {
  const kinds = Object.keys(WRONG) as (keyof Wrong)[];
  return kinds.map((kind) => [WRONG[kind], report[kind]]);
}

/** Whether everything that was promised held. */
export function isSound(report: Wrong): boolean {
  return wrongIn(report).every(([, times]) => times === 0);
}
