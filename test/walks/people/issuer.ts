import { DAY, HOUR, type Millis } from '../../../functions/core/basics/time.ts';
import { gatewayOf, type Callers } from '../gateways.ts';
import type { GATEWAYS } from '../moves.ts';
import type { ManagedSecret, Fleet } from '../fleet.ts';

export const LIST_DELAY = 20 * 60_000;

/** The grant of a secret names another account, its own again, or is not there. */
export async function moveGrant(
  fleet: Fleet,
  managed: ManagedSecret,
  to: 'another' | 'own' | 'nothing',
): Promise<void> {
  const others = fleet.names().filter((name) => name !== managed.account);
  if (to === 'another') managed.account = others[0] ?? managed.account;
  if (to === 'own') managed.account = fleet.ownAccountOf(managed);
  if (to === 'nothing') managed.account = undefined;
  await fleet.writeAdmins();
}

/** The admin secret names another host, which answers anything with an empty object. */
export async function moveHost(fleet: Fleet, to: 'strange' | 'own'): Promise<void> {
  fleet.isStrange = to === 'strange';
  if (to === 'own') fleet.illUntil = Math.max(fleet.illUntil, fleet.clock.now());
  await fleet.writeAdmins();
}

/** A person endings what AWSCURRENT names, or another live credential of the account. */
export async function ending(
  fleet: Fleet,
  managed: ManagedSecret,
  which: 'current' | 'other',
): Promise<void> {
  const all = (await fleet.watch.all()).filter((one) => one.live);
  const held = fleet.heldBy(managed, all);
  const victim = which === 'current' ? held : all.find((one) => one !== held);
  if (victim) await fleet.issuer.revokeByHand(victim.handle);
}

/** What AWSCURRENT names may do less from now on, and says so. GitLab alone has a documented answer. */
export async function scope(fleet: Fleet, managed: ManagedSecret): Promise<void> {
  const held = fleet.heldBy(managed, await fleet.watch.all());
  if (!held || fleet.setup.provider !== 'gitlab') return;
  fleet.scoped.add(held.value);
  fleet.knobs.gateway ??= gatewayOf(callersOf(fleet), 'scopes');
}

/** The project, application or user of a secret is deleted at the issuer, with all that was in it. */
export async function endAccount(fleet: Fleet, managed: ManagedSecret): Promise<void> {
  if (managed.account !== undefined) fleet.knobs.gone.add(managed.account);
}

export async function changeLists(
  fleet: Fleet,
  managed: ManagedSecret,
  how: 'omit' | 'delay' | 'whole',
): Promise<void> {
  fleet.liedAt = fleet.clock.now();
  if (how === 'whole') {
    fleet.omitted.clear();
    fleet.knobs.listDelay = 0;
    return;
  }
  if (how === 'delay') return void (fleet.knobs.listDelay = LIST_DELAY);
  const held = fleet.heldBy(managed, await fleet.watch.all());
  if (held) fleet.omitted.add(held.handle);
}

/** The instance keeps names otherwise than they were asked for, from now on. */
export async function changeNames(fleet: Fleet, how: 'prefix' | 'shorten' | 'whole'): Promise<void> {
  fleet.liedAt = fleet.clock.now();
  switch (how) {
    case 'prefix':
      return void (fleet.knobs.rename = (asked) => `acme-${asked}`);
    case 'shorten':
      return void (fleet.knobs.rename = (asked) => asked.slice(0, 24));
    case 'whole':
      return void delete fleet.knobs.rename;
  }
}

function callersOf({ setup, issuer, scoped, watch }: Fleet): Callers {
  return {
    provider: setup.provider,
    admin: () => (JSON.parse(issuer.adminSecret([])) as { token?: string }).token,
    scoped: () => {
      const ended = new Set(watch.endings.map(({ credential }) => credential.value));
      return [...scoped].filter((value) => !ended.has(value));
    },
  };
}

/** Something before the issuer answers in its place for a while. */
export async function putGateway(
  fleet: Fleet,
  how: (typeof GATEWAYS)[number],
  length: Millis,
): Promise<void> {
  const until = fleet.clock.now() + length;
  fleet.liedAt = until;
  fleet.illUntil = Math.max(fleet.illUntil, until);
  fleet.knobs.gateway = gatewayOf(callersOf(fleet), how);
  fleet.clock.after(length, () => {
    if (fleet.clock.now() < fleet.illUntil) return;
    delete fleet.knobs.gateway;
    if (fleet.scoped.size > 0) fleet.knobs.gateway = gatewayOf(callersOf(fleet), 'scopes');
  });
}

/**
 * Everything that can be well again is, and every secret has its own grant. Accounts that are gone stay so.
 */
export async function heal(fleet: Fleet): Promise<void> {
  fleet.world.line.heal();
  fleet.plan.length = 0;
  delete fleet.knobs.gateway;
  delete fleet.knobs.rename;
  fleet.knobs.listDelay = 0;
  fleet.omitted.clear();
  fleet.scoped.clear();
  fleet.isStrange = false;
  fleet.illUntil = fleet.clock.now();
  fleet.liedAt = Math.min(fleet.liedAt, fleet.clock.now());
  // One account serves one secret: copies lose their grants, the others get theirs back.
  for (const managed of fleet.secrets) managed.account = fleet.ownAccountOf(managed);
  await fleet.writeAdmins();
}

/** For how long after a lie nothing is held against what was believed. */
export const BELIEF: Millis = DAY + HOUR;
