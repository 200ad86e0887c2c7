import { Worker } from 'node:worker_threads';
import { SUBJECTS } from '../faults/run.ts';
import type { ShardPlan, ShardReport } from './shard.ts';

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

/** Tokens that share one world; many small worlds keep both cores busy, and each stays quick. */
const IN_A_SHARD = 25;

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
const NOTHING: Counts = {
  tokens: 0,
  rotations: 0,
  faults: 0,
  mistakes: 0,
  leaks: 0,
  alerts: 0,
  resolves: 0,
  calls: 0,
  consumerCalls: 0,
  silentExpiries: 0,
  consumerFailures: 0,
  orphanedCredentials: 0,
  findingsWithoutCause: 0,
  leakedValues: 0,
  uncontained: 0,
  deliveries: 0,
  undelivered: 0,
};

function sumOf(reports: readonly ShardReport[]): Counts {
  return reports.reduce<Counts>((sum, one) => {
    const added = Object.keys(NOTHING).map((key) => [
      key,
      Number(Reflect.get(sum, key)) + Number(Reflect.get(one, key)),
    ]);
    return { ...sum, ...Object.fromEntries(added) };
  }, NOTHING);
}

/** Whether everything that was promised held. */
export function isSound(report: Counts): boolean {
  return (
    report.silentExpiries +
      report.consumerFailures +
      report.orphanedCredentials +
      report.findingsWithoutCause +
      report.leakedValues +
      report.uncontained +
      report.undelivered ===
    0
  );
}
