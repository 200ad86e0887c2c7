import { PROVIDERS } from '../../functions/providers/registry.ts';
import { MINUTE, type Millis } from '../../functions/core/basics/time.ts';
import type { VirtualClock } from '../../lib/sandbox/clock.ts';
import { GitlabSimulator } from '../../lib/sandbox/issuers/gitlab.ts';
import type { Issuer, IssuerDelays } from '../../lib/sandbox/issuers/simulator.ts';
import { SIMULATORS } from '../../lib/sandbox/issuers/simulators.ts';
import {
  DISTURBANCES,
  FAULTS,
  applies,
  type Call,
  type Disturbance,
  type FaultPlan,
} from '../world/faults.ts';
import { isUsual } from '../usual-issuers.ts';
import { live } from './life.ts';
import {
  ADMINISTERED,
  EMPTY,
  brought,
  endedByLists,
  namedByValue,
  onceAccepted,
  readBy,
  servedBy,
  type Setting,
} from './settings.ts';
import { tellsRefusals } from '../../functions/core/validity/check-rules.ts';
import { acceptedWithin, creationEnds, refusedWithin } from '../../functions/core/issuer/issuer-facts.ts';

export interface Subject {
  readonly id: string;
  readonly issuer: (delays: IssuerDelays) => (clock: VirtualClock) => Issuer;
}

/**
 * Every issuer that there is a simulator of, but for those where a creation ends the value before: the judge
 * wants the current value to be accepted at any time. `test/proofs/one-slot-forward.test.ts` is about them.
 */
export const ALL_SUBJECTS: readonly Subject[] = [...SIMULATORS]
  .filter(([id]) => !creationEnds(PROVIDERS.get(id)?.descriptor))
  .map(([id, simulate]) => ({ id, issuer: (delays) => (clock) => simulate({ clock, delays }) }));

/**
 * One issuer of each way in which a lost creation is found: the others differ in their answers alone, which
 * their contract holds.
 */
export const SUBJECTS: readonly Subject[] = ALL_SUBJECTS.filter(({ id }) => isUsual(id));

const SOME_DELAY = 20_000;
const ADMIN_ACCOUNT = 'groups/7/service_accounts/99';

/** Conditions under which the whole grid of faults is run. */
export const CONDITIONS = ['plain', 'disorder', 'slow-issuer', 'brought', 'admin'] as const;
export type Condition = (typeof CONDITIONS)[number];

/**
 * Couriers are the same whoever issued the token, and one issuer lets an admin credential make its own
 * successor.
 */
const ONE_ISSUER: ReadonlySet<Condition> = new Set(['brought', 'admin']);

export function conditionsOf(provider: string): readonly Condition[] {
  return CONDITIONS.filter((one) => provider === 'gitlab' || !ONE_ISSUER.has(one));
}

/**
 * The issuer of a case; the service account whose token is replaced in an admin credential's life is beside
 * the usual one.
 */
function issuerOf({ provider, condition }: Case): (clock: VirtualClock) => Issuer {
  const subject = ALL_SUBJECTS.find((other) => other.id === provider);
  if (!subject) throw new Error(`There is no issuer ${provider}.`);
  if (condition === 'admin') return (clock) => new GitlabSimulator({ clock, adminAccount: ADMIN_ACCOUNT });
  return subject.issuer(condition === 'slow-issuer' ? worstDelays(provider) : {});
}

function settingOf({ condition, provider }: Case, care: Millis | undefined): Setting {
  switch (condition) {
    case 'plain':
    case 'disorder':
    case 'slow-issuer':
      return readOf(provider, care);
    case 'brought':
      return brought();
    case 'admin':
      return ADMINISTERED;
  }
}

/** How long a person waits for a new value, where an issuer takes longer than a moment to accept it. */
function careOf({ condition, provider }: Case): Millis | undefined {
  const { propagation = 0 } = condition === 'slow-issuer' ? worstDelays(provider) : {};
  return propagation > SOME_DELAY ? propagation : undefined;
}

function readOf(provider: string, care: Millis | undefined): Setting {
  const descriptor = PROVIDERS.get(provider)?.descriptor;
  if (descriptor?.value === 'person') return servedBy(care ?? MINUTE);
  if (isPair(provider)) return namedByValue(onceAccepted(care));
  const first = descriptor?.identifies === false ? EMPTY : onceAccepted(care);
  return descriptor && !tellsRefusals(descriptor.check) ? endedByLists(first) : readBy(first);
}

/**
 * Whoever revokes an admin credential, or puts another into its secret, leaves nothing to work with: a person
 * has to mend it, and a finding says so. Where an account has a second value at most, a person who makes one
 * ends the one that Keyturn made, and whoever ends the first has made another.
 */
function disturbancesOf(provider: string, condition: Condition): readonly Disturbance[] {
  if (condition === 'admin') return ['console-rotates', 'pending-cleared'];
  return isPair(provider) ? ['console-rotates', 'labels-moved', 'pending-cleared'] : DISTURBANCES;
}

/** Whether an account has one value and a second one beside it, which no list shows. */
function isPair(provider: string): boolean {
  return PROVIDERS.get(provider)?.descriptor.unlisted === true;
}

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
  const issuer = PROVIDERS.get(provider)?.descriptor;
  return {
    propagation: Math.max(acceptedWithin(issuer), SOME_DELAY),
    revokeLag: Math.max(refusedWithin(issuer), SOME_DELAY),
  };
}

/**
 * AWSPENDING goes when a rotation is complete, or stays for ever: every other case has the one, all others
 * the other.
 */
function pendingLabelOf({ plan }: Case): 'at-completion' | 'stays' {
  return (plan?.index ?? 0) % 2 === 1 ? 'stays' : 'at-completion';
}

export async function runCase(one: Case): Promise<CaseResult & { calls: readonly Call[] }> {
  const care = careOf(one);
  const result = await live({
    setting: settingOf(one, care),
    issuer: issuerOf(one),
    queue: { disorder: one.condition === 'disorder' },
    rotation: { pendingLabel: pendingLabelOf(one) },
    ...(care !== undefined && { care }),
    ...(one.plan ? { plan: one.plan } : {}),
  });
  return {
    ...one,
    call: result.calls.find((call) => call.index === one.plan?.index),
    violations: result.violations,
    calls: result.calls,
  };
}

/** Every call of one undisturbed life with every fault that can meet it. */
export function casesOf(provider: string, condition: Condition, calls: readonly Call[]): Case[] {
  return calls.flatMap((call) =>
    [...FAULTS.filter((fault) => applies(fault, call.target)), ...disturbancesOf(provider, condition)].map(
      (fault) => ({
        provider,
        condition,
        plan: { index: call.index, fault },
      }),
    ),
  );
}
