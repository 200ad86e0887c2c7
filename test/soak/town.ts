import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { GitlabSimulator } from '../../lib/sandbox/issuers/gitlab.ts';
import type { IssuerKnobs } from '../../lib/sandbox/issuers/knobs.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { SIMULATORS } from '../../lib/sandbox/issuers/simulators.ts';
import { Outposts } from '../faults/outposts.ts';
import { START, World } from '../world/world.ts';
import { Consumer } from './consumers.ts';
import { Dice } from './dice.ts';
import { directClient } from './direct-client.ts';
import { Weather } from './weather.ts';

/** One token that lives through a soak, with those who use it. */
export interface Resident {
  readonly name: string;
  readonly arn: string;
  /** It is the credential that makes the others. */
  readonly isAdmin: boolean;
  readonly consumers: readonly Consumer[];
  /** Those of them that read their token only when they boot. */
  readonly booting: readonly Consumer[];
  /** Where it is brought, if anywhere. */
  readonly outposts?: Outposts;
}

export interface Town {
  readonly world: World;
  readonly weather: Weather;
  /** What people make the issuer do. */
  readonly knobs: IssuerKnobs;
  readonly residents: readonly Resident[];
}

export interface TownPlan {
  readonly provider: string;
  readonly tokens: number;
  readonly seed: number;
}

/** One token of each world is brought to a cluster, and a webhook is notified of it. */
const BROUGHT = 1;

const ADMIN = 'keyturn/admin/gitlab';
const ADMIN_ACCOUNT = 'groups/7/service_accounts/99';

/** Builds a world with many tokens, whose policies and consumers are drawn by lot. */
export async function build({ provider, tokens, seed }: TownPlan): Promise<Town> {
  const dice = new Dice(seed);
  const made: { weather?: Weather } = {};
  const clock = new VirtualClock(START);
  const outposts = new Outposts(clock);
  const knobs: IssuerKnobs = {};
  const world = new World({
    issuer: (clock) => issuerOf(provider, clock, knobs),
    clock,
    ...outposts.options,
    quick: directClient,
    queue: { disorder: dice.happens(0.3) },
    line: () => (made.weather = new Weather(clock, new Dice(seed + 1))),
  });
  const names = Array.from({ length: tokens }, (_, index) => `app-${index}/token`);
  const isAdministered = provider === 'gitlab';
  await world.createAdminSecret(isAdministered ? [...names, ADMIN] : names);
  const residents: Resident[] = [];
  for (const [index, name] of names.entries())
    residents.push(
      await moveIn(world, { name, before: names[index - 1], ...(index === BROUGHT && { outposts }) }, dice),
    );
  if (isAdministered) residents.push(await moveAdminIn(world, dice));
  const { weather } = made;
  if (!weather) throw new Error('The world asked for no weather.');
  return { world, weather, knobs, residents };
}

/** One issuer lets an admin credential make its own successor: there it is a service account's. */
function issuerOf(provider: string, clock: VirtualClock, knobs: IssuerKnobs): Issuer {
  const simulate = SIMULATORS.get(provider);
  if (!simulate) throw new Error(`There is no issuer ${provider}.`);
  return provider === 'gitlab'
    ? new GitlabSimulator({ clock, knobs, adminAccount: ADMIN_ACCOUNT })
    : simulate({ clock, knobs });
}

/** The admin credential is a token like any other; beside Keyturn a program uses it. */
async function moveAdminIn(world: World, dice: Dice): Promise<Resident> {
  const arn = await world.registerAdmin({ ...livesOf(dice), ...graceOf(false) });
  const consumer = new Consumer(world, { arn, agent: `reader-0-of-${ADMIN}/1`, dice });
  consumer.readAndUse();
  return { name: ADMIN, arn, isAdmin: true, consumers: [consumer], booting: [] };
}

async function moveIn(
  world: World,
  place: { name: string; before: string | undefined; outposts?: Outposts },
  dice: Dice,
): Promise<Resident> {
  const { outposts } = place;
  await outposts?.open(world, place.name);
  const boots = dice.happens(0.25);
  const tags = {
    ...livesOf(dice),
    ...graceOf(boots),
    ...waitsOf(dice),
    ...(place.before !== undefined && dice.happens(0.1) && follows(place.before)),
    ...outposts?.tags,
  };
  const value = dice.happens(0.8) ? await world.issuer.createByHand(place.name) : undefined;
  const arn = await world.createToken(place.name, { tags, value });
  const count = dice.happens(0.2) ? 3 : 1;
  const consumers = Array.from(
    { length: count },
    (_, index) =>
      new Consumer(world, { arn, agent: `${boots ? 'booted' : 'reader'}-${index}-of-${place.name}/1`, dice }),
  );
  for (const consumer of consumers)
    if (boots) consumer.boot();
    else consumer.readAndUse();
  return {
    name: place.name,
    arn,
    isAdmin: false,
    consumers,
    booting: boots ? consumers : [],
    ...(outposts && { outposts }),
  };
}

function livesOf(dice: Dice): Record<string, string> {
  const every = dice.whole(10, 40);
  return {
    'keyturn:rotate-every': `${every}d`,
    'keyturn:max-age': `${Math.min(85, every + dice.whole(25, 50))}d`,
    'keyturn:rotate-before-expiry': '14d',
    ...(dice.happens(0.3) && { 'keyturn:jitter': `${dice.whole(1, 48)}h` }),
  };
}

/** It is due less often than any token it may follow, which is therefore rotated in between. */
function follows(before: string): Record<string, string> {
  return {
    'keyturn:rotate-after': before,
    'keyturn:soak-time': '1d',
    'keyturn:rotate-every': '45d',
    'keyturn:max-age': '80d',
  };
}

/**
 * What reads its token only at boot needs grace until the last instance has restarted, and is not taken for
 * gone between two uses.
 */
function graceOf(boots: boolean): Record<string, string> {
  return boots
    ? { 'keyturn:min-grace': '12h', 'keyturn:unused-for': '3h' }
    : { 'keyturn:min-grace': '30m', 'keyturn:unused-for': '30m' };
}

function waitsOf(dice: Dice): Record<string, string> {
  const windows = dice.oneOf([
    'mon-fri 09:00-17:00 Europe/Berlin',
    'sat sun 00:00-24:00 America/New_York',
    'daily 22:00-04:00 Australia/Sydney',
  ]);
  return {
    ...(dice.happens(0.25) && { 'keyturn:rotation-windows': windows }),
    ...(dice.happens(0.25) && {
      'keyturn:freezes': '2026-03-25..2026-04-02 Europe/Berlin + 2026-12-20..2027-01-05 Europe/Berlin',
    }),
  };
}
