import { Worker } from 'node:worker_threads';
import { PROVIDERS } from '../../functions/providers/registry.ts';
import { DISTURBANCES, FAULTS, type Call } from '../world/faults.ts';
import {
  ALL_SUBJECTS,
  SUBJECTS,
  casesOf,
  conditionsOf,
  nameOf,
  runCase,
  type Case,
  type CaseResult,
} from './run.ts';
import { oncePerShape } from './shapes.ts';

export interface ProviderReport {
  readonly id: string;
  readonly found: string;
  /** Outgoing calls of one whole life: every one meets every fault. */
  readonly points: number;
  readonly runs: number;
  readonly survived: number;
}

export interface GridReport {
  readonly providers: readonly ProviderReport[];
  readonly runs: number;
  readonly survived: number;
  readonly seconds: number;
}

/** Which part of the grid is run. */
export interface Selection {
  readonly providers?: readonly string[] | undefined;
  /** Only calls to the issuer, or only those to AWS; all of them by default. */
  readonly target?: Call['target'] | undefined;
  /** Of invocations that are alike, only the first and the last: {@link oncePerShape}. */
  readonly once?: boolean | undefined;
  /** Every n-th case of each condition; 1 is all of them. */
  readonly every: number;
  /** Only these faults; all of them by default. */
  readonly faults?: readonly string[] | undefined;
}

/** The cases of a selection, and how many calls each provider's life makes. */
export async function plan(selection: Selection): Promise<{ cases: Case[]; points: Map<string, number> }> {
  const cases: Case[] = [];
  const points = new Map<string, number>();
  const { providers } = selection;
  requireKnown(
    'provider',
    providers,
    ALL_SUBJECTS.map(({ id }) => id),
  );
  requireKnown('fault', selection.faults, [...FAULTS, ...DISTURBANCES]);
  const subjects = providers ? ALL_SUBJECTS.filter(({ id }) => providers.includes(id)) : SUBJECTS;
  for (const { id } of subjects) {
    for (const condition of conditionsOf(id)) {
      const undisturbed = { provider: id, condition, plan: undefined };
      const base = await runCase(undisturbed);
      points.set(id, Math.max(points.get(id) ?? 0, base.calls.length));
      const calls = selection.once ? oncePerShape(base.calls) : base.calls;
      cases.push(
        undisturbed,
        ...casesOf(
          id,
          condition,
          calls.filter(({ target }) => target === (selection.target ?? target)),
        )
          .filter((one) => selection.faults?.includes(one.plan?.fault ?? '') ?? true)
          .filter((_, index) => index % selection.every === 0),
      );
    }
  }
  return { cases, points };
}

/** A filter that fits nothing would look like a grid that survived. */
function requireKnown(option: string, given: readonly string[] = [], known: readonly string[]): void {
  const unknown = given.filter((one) => !known.includes(one));
  if (unknown.length > 0)
    throw new Error(`There is no --${option} ${unknown.join(', ')}. There are ${known.join(', ')}.`);
}

/** Runs cases on several threads. Each failure is passed on as soon as it is known. */
export async function runAll(
  cases: readonly Case[],
  threads: number,
  failed: (result: CaseResult) => void,
): Promise<CaseResult[]> {
  const shares = Array.from({ length: threads }, (_, share) =>
    cases.filter((_case, index) => index % threads === share),
  );
  const results = await Promise.all(shares.map((share) => runShare(share, failed)));
  return results.flat();
}

function runShare(share: readonly Case[], failed: (result: CaseResult) => void): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('grid-worker.ts', import.meta.url), { workerData: share });
    worker.on('message', (result: CaseResult) => {
      results.push(result);
      if (result.violations.length > 0) failed(result);
    });
    worker.on('error', reject);
    worker.on('exit', () =>
      results.length === share.length
        ? resolve(results)
        : reject(new Error(`A worker stopped after ${results.length} of ${share.length} runs.`)),
    );
  });
}

export function report(
  results: readonly Pick<CaseResult, 'provider' | 'violations'>[],
  points: ReadonlyMap<string, number>,
  seconds: number,
): GridReport {
  const providers = [...points].map(([id, count]): ProviderReport => {
    const own = results.filter((one) => one.provider === id);
    const survived = own.filter((one) => one.violations.length === 0).length;
    return {
      id,
      found: PROVIDERS.get(id)?.descriptor.found ?? 'unknown',
      points: count,
      runs: own.length,
      survived,
    };
  });
  const survived = results.filter((one) => one.violations.length === 0).length;
  return { providers, runs: results.length, survived, seconds };
}

export function describe(result: CaseResult): string {
  const where = result.call ? ` at ${result.call.during}: ${result.call.name}` : '';
  return [`${nameOf(result)}${where}`, ...result.violations.map((one) => `    ${one}`)].join('\n');
}
