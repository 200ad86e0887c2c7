import { PROVIDERS } from '../../functions/providers/registry.ts';
import type { VirtualClock } from '../../lib/sandbox/clock.ts';
import { GitlabSimulator } from '../../lib/sandbox/issuers/gitlab.ts';
import { NpmRegistrySimulator } from '../../lib/sandbox/issuers/npm-registry.ts';
import { OktaSimulator } from '../../lib/sandbox/issuers/okta.ts';
import type { Issuer, IssuerDelays } from '../../lib/sandbox/issuers/simulator.ts';
import { DISTURBANCES, FAULTS, applies, type Call, type FaultPlan } from '../world/faults.ts';
import { live } from './life.ts';

export interface Subject {
  readonly id: string;
  readonly issuer: (delays: IssuerDelays) => (clock: VirtualClock) => Issuer;
}

export const SUBJECTS: readonly Subject[] = [
  { id: 'gitlab', issuer: (delays) => (clock) => new GitlabSimulator({ clock, delays }) },
  { id: 'npm-registry', issuer: (delays) => (clock) => new NpmRegistrySimulator({ clock, delays }) },
  { id: 'okta', issuer: (delays) => (clock) => new OktaSimulator({ clock, delays }) },
];

const SOME_DELAY = 20_000;

/** Conditions under which the whole grid of faults is run. */
export const CONDITIONS = ['plain', 'disorder', 'slow-issuer'] as const;
export type Condition = (typeof CONDITIONS)[number];

export interface Case {
  readonly provider: string;
  readonly condition: Condition;
  readonly plan: FaultPlan | undefined;
}

export interface CaseResult extends Case {
  readonly call: Call | undefined;
  readonly violations: readonly string[];
}

/** Names a case so that it can be run again: `gitlab/plain/41/dies-after`. */
export function nameOf(one: Case): string {
  return [one.provider, one.condition, one.plan?.index ?? '-', one.plan?.fault ?? 'none'].join('/');
}

/** The longest documented delays of an issuer; where none is documented, some all the same. */
function worstDelays(provider: string): IssuerDelays {
  const { propagation = 0, revokeLag = 0 } = PROVIDERS.get(provider)?.descriptor ?? {};
  return { propagation: Math.max(propagation, SOME_DELAY), revokeLag: Math.max(revokeLag, SOME_DELAY) };
}

export async function runCase(one: Case): Promise<CaseResult & { calls: readonly Call[] }> {
  const subject = SUBJECTS.find((other) => other.id === one.provider);
  if (!subject) throw new Error(`There is no provider ${one.provider}.`);
  const delays = one.condition === 'slow-issuer' ? worstDelays(one.provider) : {};
  const result = await live({ issuer: subject.issuer(delays), queue: { disorder: one.condition === 'disorder' }, ...(one.plan ? { plan: one.plan } : {}) });
  return { ...one, call: result.calls.find((call) => call.index === one.plan?.index), violations: result.violations, calls: result.calls };
}

/** Every call of one undisturbed life with every fault that can meet it. */
export function casesOf(provider: string, condition: Condition, calls: readonly Call[]): Case[] {
  return calls.flatMap((call) =>
    [...FAULTS.filter((fault) => applies(fault, call.target)), ...DISTURBANCES].map((fault) => ({ provider, condition, plan: { index: call.index, fault } })),
  );
}
