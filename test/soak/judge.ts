import type { Finding } from '../../functions/core/findings/findings.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { HOUR } from '../../functions/core/basics/time.ts';
import type { IssuerLogEntry } from '../../lib/sandbox/issuers/simulator.ts';
import { lastTold } from './last-told.ts';
import type { People } from './people.ts';
import type { Resident, Town } from './town.ts';

/** What a judge looks at. */
export interface Lived {
  readonly town: Town;
  readonly people: People;
}

/**
 * By the issuer's own list: the credential that AWSCURRENT names does not live, no person ended it just now,
 * and no finding of this token has been open for an hour.
 */
export async function endedInSilence({ town, people }: Lived, one: Resident): Promise<boolean> {
  const { world } = town;
  const text = world.peek(one.arn);
  if (text === '' || people.hasJustEnded(one)) return false;
  const live = (await world.issuer.credentials(one.name)).filter((other) => other.live);
  return !live.some((other) => text.includes(other.value)) && !isTold(town, one);
}

function isTold({ world }: Town, one: Resident): boolean {
  const since = world.clock.now() - HOUR;
  return [...lastTold(world.facts, tokenIdOf(one.arn)).values()].some(
    ({ change, at, severity }) =>
      severity !== 'info' && change !== 'resolved' && (change !== 'opened' || at < since),
  );
}

/** The calls of everything that uses a token or a copy of one. */
export function consumersOf({ town: { world, residents }, people }: Lived): IssuerLogEntry[] {
  const consumers = [
    ...residents.flatMap((one) => one.consumers),
    ...people.copies.all.map(({ consumer }) => consumer),
  ];
  const agents = new Set(consumers.map(({ agent }) => agent));
  return world.issuer.log().filter((entry) => agents.has(entry.agent));
}

/** Calls that were refused, where no deed of a person is the reason. */
export function refusals(lived: Lived): string[] {
  return consumersOf(lived)
    .filter((entry) => entry.status >= 400 && !lived.people.explains(entry))
    .map(
      ({ agent, at, handle, status }) =>
        `a call of ${agent} with ${handle ?? 'no credential'} got ${status} at ${new Date(at).toISOString()}`,
    );
}

/** Live credentials on no record: each token has the current one in the end, and those in grace. */
export async function orphans({ town: { world, residents } }: Lived): Promise<string[]> {
  const found: string[] = [];
  for (const one of residents) {
    const text = world.peek(one.arn);
    const known = (await world.record(one.arn))?.credentials.filter(({ state }) => state !== 'ended') ?? [];
    const held = new Set(known.map(({ handle }) => handle));
    const lost = (await world.issuer.credentials(one.name)).filter(
      ({ live, value, handle }) => live && !text.includes(value) && !held.has(handle),
    );
    found.push(...lost.map(({ handle }) => `${one.name}: the live credential ${handle} is on no record`));
  }
  return found;
}

/** Tokens whose consumers have nothing that works in the end. */
export async function inactive({ town: { world, residents } }: Lived): Promise<string[]> {
  const found: string[] = [];
  for (const one of residents) {
    const text = world.peek(one.arn);
    const all = await world.issuer.credentials(one.name);
    if (!all.some(({ live, value }) => live && text.includes(value)))
      found.push(`${one.name}: AWSCURRENT names no live credential`);
  }
  return found;
}

/** Destinations without the current value, by what they hold. */
export async function undelivered({ town: { world, residents } }: Lived): Promise<string[]> {
  const found: string[] = [];
  for (const one of residents) {
    if (!world.aws.secretsManager.find(one.arn)) continue;
    const places = (await one.outposts?.unserved(world, one.arn)) ?? [];
    found.push(...places.map((place) => `${one.name}: ${place} does not have the current value`));
  }
  return found;
}

/** Findings that are open although everything is put right: of tokens, of copies, and of the installation. */
export async function openFindings({ town: { world, residents }, people }: Lived): Promise<string[]> {
  const told = (name: string, all: readonly Finding[]): string[] =>
    all.filter(isOpen).map(({ kind, detail }) => `${name}: ${kind} is open without cause: ${detail}`);
  const { installationRecord } = await world.inventory.loadInstallationRecord();
  const found = told('the installation', installationRecord.findings);
  for (const { name, arn } of [...residents, ...people.copies.all])
    found.push(...told(name, (await world.record(arn))?.findings ?? []));
  return found;
}

/** A rotation that waits as its policy says has its cause in the policy. */
function isOpen({ state, kind, severity }: Finding): boolean {
  return state === 'open' && !(kind === 'rotation-deferred' && severity === 'info');
}

/** Places that hold a value and must not. */
export async function leakedValues({ town: { world, residents } }: Lived): Promise<string[]> {
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
  return places.flatMap(([place, text]) =>
    values.filter((value) => text.includes(value)).map(() => `a secret value is in the ${place}`),
  );
}
