import type { Fact } from '../../functions/core/findings/events.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { DAY, HOUR } from '../../functions/core/basics/time.ts';
import type { World } from '../world/world.ts';
import type { DeedCounts } from './deeds/deed.ts';
import { Dice } from './dice.ts';
import {
  consumersOf,
  endedInSilence,
  inactive,
  leakedValues,
  openFindings,
  orphans,
  refusals,
  undelivered,
  type Lived,
} from './judge.ts';
import { toldAnew } from './last-told.ts';
import { People, type TimesAYear } from './people.ts';
import { build, type Town, type TownPlan } from './town.ts';

export interface ShardPlan extends TownPlan {
  readonly days: number;
  /** False for a year without faults and without people who do anything. */
  readonly troubled: boolean;
  /** How often people do what, in place of the usual. */
  readonly timesAYear?: TimesAYear;
}

/** What went wrong, counted. Nothing of it is allowed. */
export interface Wrong {
  readonly silentExpiries: number;
  /** Calls of consumers that were refused, where no person is the reason. */
  readonly consumerFailures: number;
  readonly orphanedCredentials: number;
  readonly findingsWithoutCause: number;
  readonly leakedValues: number;
  /** Credentials that leaked and live on at their issuer. */
  readonly uncontained: number;
  /** Destinations that do not have the current value in the end. */
  readonly undelivered: number;
  /** Tokens whose current credential does not work in the end. */
  readonly inactiveTokens: number;
  /** Findings that were resolved and opened again within a minute. */
  readonly findingsToldAnew: number;
  /** What people did and no alert told of. */
  readonly untoldDeeds: number;
  /** Days on which the admin secret did not say what a person had written. */
  readonly undoneEdits: number;
}

export interface ShardReport extends Wrong {
  readonly tokens: number;
  readonly rotations: number;
  /** Those of admin credentials among them. */
  readonly adminRotations: number;
  readonly faults: number;
  /** What people did, by kind; `leaked` counts values that were found in public and reported. */
  readonly people: DeedCounts;
  readonly alerts: number;
  readonly resolves: number;
  readonly calls: number;
  readonly consumerCalls: number;
  /** Deliveries of new values that were confirmed. */
  readonly deliveries: number;
  /** A sentence for each thing that went wrong. */
  readonly complaints: readonly string[];
}

/**
 * After the last fault, whatever is open has to come to its end within this: the longest wait between failed
 * rotations, an inspection, a rotation, its grace.
 */
const SETTLES_WITHIN = 4 * DAY;

/**
 * A year of some tokens of one provider: lived day by day, then healed, then judged. `meddle` is called once
 * the town stands.
 */
export async function liveShard(
  plan: ShardPlan,
  meddle: (town: Town) => void = () => undefined,
): Promise<ShardReport> {
  const town = await build(plan);
  meddle(town);
  const { world, weather } = town;
  const people = new People(town, new Dice(plan.seed + 2), plan.timesAYear);
  if (!plan.troubled) weather.heal();
  people.live();
  if (!plan.troubled) await people.goHome();
  world.startSchedules();
  examineAdmins(world);
  const lived = { town, people };
  const daily = await liveDays(lived, plan.days);
  weather.heal();
  await people.goHome();
  await world.clock.advanceBy(SETTLES_WITHIN);
  const wrong = { ...daily, ...(await judged(lived)) };
  return {
    tokens: plan.tokens,
    ...countsOf(lived),
    ...countedEach(wrong),
    complaints: Object.values(wrong).flat(),
  };
}

/** The part of the stack's reconcile that looks after admin secrets. */
function examineAdmins(world: World): void {
  world.clock.after(HOUR, () => {
    void world.clock.activity(() => world.examineAdminsNow());
    examineAdmins(world);
  });
}

type Complaints<K extends keyof Wrong> = Record<K, readonly string[]>;

async function liveDays(lived: Lived, days: number): Promise<Complaints<'silentExpiries' | 'undoneEdits'>> {
  const { town, people } = lived;
  const expiries = new Set<string>();
  const undone: string[] = [];
  for (let day = 0; day < days; day++) {
    await town.world.clock.advanceBy(DAY);
    for (const one of town.residents)
      if (await endedInSilence(lived, one)) expiries.add(`${one.name} ended and nobody was told before`);
    if (people.isUndone()) undone.push(`on day ${day} the grants are not those that a person wrote`);
  }
  return { silentExpiries: [...expiries], undoneEdits: undone };
}

async function judged(
  lived: Lived,
): Promise<Complaints<Exclude<keyof Wrong, 'silentExpiries' | 'undoneEdits'>>> {
  const { people, town } = lived;
  return {
    consumerFailures: refusals(lived),
    orphanedCredentials: await orphans(lived),
    findingsWithoutCause: await openFindings(lived),
    leakedValues: await leakedValues(lived),
    uncontained: (await people.leaks.uncontained(town.residents)).map(
      (handle) => `${handle} leaked and lives on`,
    ),
    undelivered: await undelivered(lived),
    inactiveTokens: await inactive(lived),
    findingsToldAnew: toldAnew(town.world.facts),
    untoldDeeds: people.untold,
  };
}

function countedEach(wrong: Complaints<keyof Wrong>): Wrong {
  const counts = Object.entries(wrong).map(([what, complaints]) => [what, complaints.length]);
  return Object.fromEntries(counts);
}

function countsOf(lived: Lived): Omit<ShardReport, keyof Wrong | 'tokens' | 'complaints'> {
  const { town, people } = lived;
  // A fact may be told twice; its id tells that it is the same.
  const facts = [...new Map(town.world.facts.map((fact) => [fact.id, fact])).values()];
  const count = (is: (fact: Fact) => boolean): number => facts.filter(is).length;
  const admins = new Set(town.residents.flatMap((one) => (one.isAdmin ? [tokenIdOf(one.arn)] : [])));
  const isRotation = (fact: Fact): boolean => fact.type === 'lifecycle' && fact.what === 'rotated';
  return {
    rotations: count(isRotation),
    adminRotations: count((fact) => isRotation(fact) && admins.has(fact.tokenId)),
    faults: town.weather.faults,
    people: people.done,
    alerts: count((fact) => fact.type === 'finding' && fact.change !== 'resolved'),
    resolves: count((fact) => fact.type === 'finding' && fact.change === 'resolved'),
    calls: town.weather.count,
    consumerCalls: consumersOf(lived).length,
    deliveries: count((fact) => fact.type === 'lifecycle' && fact.what === 'delivered'),
  };
}
