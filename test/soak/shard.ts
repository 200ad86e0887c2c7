import type { FindingFact } from '../../functions/core/findings/events.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { DAY, HOUR } from '../../functions/core/basics/time.ts';
import { Dice } from './dice.ts';
import type { Leaks } from './leaks.ts';
import { People } from './people.ts';
import { build, type Resident, type Town, type TownPlan } from './town.ts';

export interface ShardPlan extends TownPlan {
  readonly days: number;
  /** False for a year without faults and mistakes. */
  readonly troubled: boolean;
}

export interface ShardReport {
  readonly tokens: number;
  readonly rotations: number;
  readonly faults: number;
  readonly mistakes: number;
  /** Values that were found in public and reported. */
  readonly leaks: number;
  readonly alerts: number;
  readonly resolves: number;
  readonly calls: number;
  readonly consumerCalls: number;
  readonly silentExpiries: number;
  readonly consumerFailures: number;
  readonly orphanedCredentials: number;
  readonly findingsWithoutCause: number;
  readonly leakedValues: number;
  /** Credentials that leaked and live on at their issuer. */
  readonly uncontained: number;
  /** Deliveries of new values that were confirmed. */
  readonly deliveries: number;
  /** Destinations that do not have the current value in the end. */
  readonly undelivered: number;
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
  const people = new People(world, town.residents, new Dice(plan.seed + 2));
  if (!plan.troubled) weather.heal();
  people.live();
  if (!plan.troubled) await people.goHome();
  world.startSchedules();
  const complaints: string[] = [];
  const expiries = new Set<string>();
  for (let day = 0; day < plan.days; day++) {
    await world.clock.advanceBy(DAY);
    for (const one of town.residents)
      if (await endedInSilence(town, one)) expiries.add(`${one.name} ended and nobody was told before`);
  }
  weather.heal();
  await people.goHome();
  await world.clock.advanceBy(SETTLES_WITHIN);
  complaints.push(...expiries);
  const failures = failuresOf(town, people.leaks, complaints);
  const orphanedCredentials = await orphanedCredentialsOf(town, complaints);
  const open = await openOf(town, complaints);
  const leaked = await leaksOf(town, complaints);
  const undelivered = await undeliveredOf(town, complaints);
  const uncontained = await people.leaks.uncontained(town.residents);
  complaints.push(...uncontained.map((handle) => `${handle} leaked and lives on`));
  // A fact may be told twice; its id tells that it is the same.
  const facts = [...new Map(world.facts.map((fact) => [fact.id, fact])).values()];
  return {
    tokens: plan.tokens,
    rotations: facts.filter((fact) => fact.type === 'lifecycle' && fact.what === 'rotated').length,
    faults: weather.faults,
    mistakes: people.mistakes,
    leaks: people.leaks.count,
    alerts: facts.filter((fact) => fact.type === 'finding' && fact.change !== 'resolved').length,
    resolves: facts.filter((fact) => fact.type === 'finding' && fact.change === 'resolved').length,
    calls: weather.count,
    consumerCalls: consumersOf(town).length,
    silentExpiries: expiries.size,
    consumerFailures: failures,
    orphanedCredentials,
    findingsWithoutCause: open,
    leakedValues: leaked,
    uncontained: uncontained.length,
    deliveries: facts.filter((fact) => fact.type === 'lifecycle' && fact.what === 'delivered').length,
    undelivered,
    complaints,
  };
}

/**
 * By the issuer's own list: the credential that AWSCURRENT names does not live, and no finding of this token
 * was open an hour before it ended.
 */
async function endedInSilence({ world }: Town, one: Resident): Promise<boolean> {
  const text = world.peek(one.arn);
  if (text === '') return false;
  const live = (await world.issuer.credentials(one.name)).filter((other) => other.live);
  if (live.some((other) => text.includes(other.value))) return false;
  const told = world.facts.filter(
    (fact): fact is FindingFact => fact.type === 'finding' && fact.tokenId === tokenIdOf(one.arn),
  );
  return !told.some((fact) => fact.change !== 'resolved' && fact.at < world.clock.now() - HOUR);
}

function consumersOf({
  world,
  residents,
}: Town): { agent: string; status: number; handle: string | undefined }[] {
  const agents = new Set(residents.flatMap((one) => one.consumers.map((consumer) => consumer.agent)));
  return world.issuer.log().filter((entry) => agents.has(entry.agent));
}

function failuresOf(town: Town, leaks: Leaks, complaints: string[]): number {
  const refused = consumersOf(town).filter((entry) => entry.status >= 400 && !leaks.explains(entry));
  for (const agent of new Set(refused.map((entry) => entry.agent)))
    complaints.push(
      `${refused.filter((entry) => entry.agent === agent).length} calls of ${agent} were refused`,
    );
  return refused.length;
}

/** Each token has one live credential in the end: the current one. */
async function orphanedCredentialsOf({ world, residents }: Town, complaints: string[]): Promise<number> {
  let orphanedCredentials = 0;
  for (const one of residents) {
    const text = world.peek(one.arn);
    const live = (await world.issuer.credentials(one.name)).filter((other) => other.live);
    const others = live.filter((other) => !text.includes(other.value));
    const held = new Set(
      (await world.record(one.arn))?.credentials
        .filter((other) => other.state !== 'ended')
        .map((other) => other.handle),
    );
    const lost = others.filter((other) => !held.has(other.handle));
    orphanedCredentials += lost.length;
    for (const other of lost)
      complaints.push(`${one.name}: the live credential ${other.handle} is on no record`);
    if (live.length === others.length) complaints.push(`${one.name}: AWSCURRENT names no live credential`);
  }
  return orphanedCredentials;
}

/** By what the destinations hold. */
async function undeliveredOf({ world, residents }: Town, complaints: string[]): Promise<number> {
  const behind: string[] = [];
  for (const one of residents)
    behind.push(
      ...((await one.outposts?.unserved(world, one.arn)) ?? []).map(
        (place) => `${one.name}: ${place} does not have the current value`,
      ),
    );
  complaints.push(...behind);
  return behind.length;
}

async function openOf({ world, residents }: Town, complaints: string[]): Promise<number> {
  let count = 0;
  for (const one of residents) {
    // A rotation that waits as its policy says has its cause in the policy.
    const open =
      (await world.record(one.arn))?.findings.filter(
        (finding) =>
          finding.state === 'open' && !(finding.kind === 'rotation-deferred' && finding.severity === 'info'),
      ) ?? [];
    count += open.length;
    for (const finding of open)
      complaints.push(`${one.name}: ${finding.kind} is open without cause: ${finding.detail}`);
  }
  return count;
}

async function leaksOf({ world, residents }: Town, complaints: string[]): Promise<number> {
  const values = (await Promise.all(residents.map((one) => world.issuer.credentials(one.name))))
    .flat()
    .map((one) => one.value);
  const places: readonly (readonly [string, string])[] = [
    ['inventory', world.inventory.dump()],
    ['facts', JSON.stringify(world.facts)],
    ['log', world.logged.join('\n')],
    ['errors', world.errors.join('\n')],
    ['commands', JSON.stringify(world.queue.sent)],
  ];
  const leaked = places.flatMap(([place, text]) =>
    values.filter((value) => text.includes(value)).map(() => place),
  );
  for (const place of new Set(leaked)) complaints.push(`secret values are in the ${place}`);
  return leaked.length;
}
