import { DAY, HOUR, type Millis } from '../../../functions/core/basics/time.ts';
import { gatewayOf, type Callers } from '../gateways.ts';
import type { GATEWAYS } from '../moves.ts';
import type { House, Town } from '../town.ts';

export const LIST_DELAY = 20 * 60_000;

/** The grant of a secret names another account, its own again, or is not there. */
export async function moveGrant(town: Town, house: House, to: 'another' | 'own' | 'nothing'): Promise<void> {
  const others = town.names().filter((name) => name !== house.account);
  if (to === 'another') house.account = others[0] ?? house.account;
  if (to === 'own') house.account = town.ownAccountOf(house);
  if (to === 'nothing') house.account = undefined;
  await town.writeAdmins();
}

/** The admin secret names another host, which answers anything with an empty object. */
export async function moveHost(town: Town, to: 'strange' | 'own'): Promise<void> {
  town.isStrange = to === 'strange';
  if (to === 'own') town.illUntil = Math.max(town.illUntil, town.clock.now());
  await town.writeAdmins();
}

/** A person kills what AWSCURRENT names, or another live credential of the account. */
export async function kill(town: Town, house: House, which: 'current' | 'other'): Promise<void> {
  const all = (await town.watch.all()).filter((one) => one.live);
  const held = town.heldBy(house, all);
  const victim = which === 'current' ? held : all.find((one) => one !== held);
  if (victim) await town.issuer.revokeByHand(victim.handle);
}

/** What AWSCURRENT names may do less from now on, and says so. GitLab alone has a documented answer. */
export async function scope(town: Town, house: House): Promise<void> {
  const held = town.heldBy(house, await town.watch.all());
  if (!held || town.setup.provider !== 'gitlab') return;
  town.scoped.add(held.value);
  town.knobs.gateway ??= gatewayOf(callersOf(town), 'scopes');
}

/** The project, application or user of a secret is deleted at the issuer, with all that was in it. */
export async function endAccount(town: Town, house: House): Promise<void> {
  if (house.account !== undefined) town.knobs.gone.add(house.account);
}

export async function changeLists(town: Town, house: House, how: 'omit' | 'delay' | 'whole'): Promise<void> {
  town.liedAt = town.clock.now();
  if (how === 'whole') {
    town.omitted.clear();
    town.knobs.listDelay = 0;
    return;
  }
  if (how === 'delay') return void (town.knobs.listDelay = LIST_DELAY);
  const held = town.heldBy(house, await town.watch.all());
  if (held) town.omitted.add(held.handle);
}

/** The instance keeps names otherwise than they were asked for, from now on. */
export async function changeNames(town: Town, how: 'prefix' | 'shorten' | 'whole'): Promise<void> {
  town.liedAt = town.clock.now();
  switch (how) {
    case 'prefix':
      return void (town.knobs.rename = (asked) => `acme-${asked}`);
    case 'shorten':
      return void (town.knobs.rename = (asked) => asked.slice(0, 24));
    case 'whole':
      return void delete town.knobs.rename;
  }
}

function callersOf({ setup, issuer, scoped, watch }: Town): Callers {
  return {
    provider: setup.provider,
    admin: () => (JSON.parse(issuer.adminSecret([])) as { token?: string }).token,
    scoped: () => {
      const ended = new Set(watch.kills.map(({ credential }) => credential.value));
      return [...scoped].filter((value) => !ended.has(value));
    },
  };
}

/** Something before the issuer answers in its place for a while. */
export async function putGateway(town: Town, how: (typeof GATEWAYS)[number], length: Millis): Promise<void> {
  const until = town.clock.now() + length;
  town.liedAt = until;
  town.illUntil = Math.max(town.illUntil, until);
  town.knobs.gateway = gatewayOf(callersOf(town), how);
  town.clock.after(length, () => {
    if (town.clock.now() < town.illUntil) return;
    delete town.knobs.gateway;
    if (town.scoped.size > 0) town.knobs.gateway = gatewayOf(callersOf(town), 'scopes');
  });
}

/**
 * Everything that can be well again is, and every secret has its own grant. Accounts that are gone stay so.
 */
export async function heal(town: Town): Promise<void> {
  town.world.line.heal();
  town.plan.length = 0;
  delete town.knobs.gateway;
  delete town.knobs.rename;
  town.knobs.listDelay = 0;
  town.omitted.clear();
  town.scoped.clear();
  town.isStrange = false;
  town.illUntil = town.clock.now();
  town.liedAt = Math.min(town.liedAt, town.clock.now());
  // One account serves one secret: copies lose their grants, the others get theirs back.
  for (const house of town.houses) house.account = town.ownAccountOf(house);
  await town.writeAdmins();
}

/** For how long after a lie nothing is held against what was believed. */
export const BELIEF: Millis = DAY + HOUR;
