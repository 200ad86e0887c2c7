import { isOpen } from '../../../functions/core/incidents/incidents.ts';
import { MOST_LIVE } from '../../../functions/core/rotation/slots.ts';
import { MINUTE } from '../../../functions/core/basics/time.ts';
import type { IssuedCredential } from '../../../lib/sandbox/issuers/simulator.ts';
import { BELIEF } from '../people/issuer.ts';
import type { Fleet } from '../fleet.ts';
import { issuedAs, openOf, type Scene } from './scene.ts';

/** A report takes its way through a queue, and a run that is cut off comes again. */
const HEARD_WITHIN = 45 * MINUTE;

/** `exposed-in-silence`: a live credential that leaked has an open critical finding. */
export function exposedInSilence(
  scenes: readonly Scene[],
  fleet: Fleet,
  all: readonly IssuedCredential[],
): string[] {
  const violations: string[] = [];
  for (const [value, { at, arn }] of fleet.exposed) {
    const credential = all.find((one) => one.value === value);
    const scene = scenes.find((one) => one.managed.arn === arn);
    if (
      credential?.live !== true ||
      fleet.clock.now() < at + HEARD_WITHIN ||
      scene === undefined ||
      scene.managed.ended
    )
      continue;
    const isTold = scenes.some(({ record }) => openOf(record).some((one) => one.severity === 'critical'));
    if (!isTold)
      violations.push(
        `exposed-in-silence: ${credential.handle} leaked at ${new Date(at).toISOString()} and lives ` +
          'without a critical finding',
      );
    const isAnswered =
      scene.record?.incidents?.some((one) => isOpen(one) || one.held === true) === true ||
      openOf(scene.record).some((one) => one.severity === 'critical');
    if (isTold && !isAnswered)
      violations.push(
        `exposed-in-silence: ${credential.handle} lives, and its own token ${scene.managed.name} says ` +
          'nothing of it',
      );
  }
  return violations;
}

/**
 * `too-many`: never more live credentials of our making than the limit, for each token whose grant names the
 * account, beside those that a person keeps by a label. What a person kept and lets go of may come on top: a
 * rotation may have begun before that was seen.
 */
export async function tooMany(fleet: Fleet, scenes: readonly Scene[]): Promise<string[]> {
  const violations: string[] = [];
  for (const { record } of scenes)
    for (const { kept, handle } of record?.credentials ?? [])
      if (kept !== undefined && handle !== undefined) fleet.everKept.add(handle);
  for (const account of fleet.names()) {
    const users = Math.max(1, fleet.secrets.filter((one) => one.accounts.has(account)).length);
    const ours = (await fleet.issuer.credentials(account)).filter(
      (one) => one.live && fleet.watch.made.get(one.value) === 'main' && !fleet.everKept.has(one.handle),
    );
    if (ours.length > MOST_LIVE * users)
      violations.push(
        `too-many: ${ours.length} credentials of our making live for ${account}, which ${users} tokens use`,
      );
  }
  return violations;
}

/**
 * `ended-but-active`: what is ended on record is inactive at the issuer, unless the issuer was made to lie
 * when it was believed.
 */
export function endedButActive({ record, all, fleet, managed }: Scene): string[] {
  const ended =
    record?.credentials.filter(
      (one) =>
        one.state === 'ended' &&
        one.handle !== undefined &&
        (one.endedAt ?? Infinity) > fleet.liedAt + BELIEF,
    ) ?? [];
  return ended
    .filter((one) => issuedAs(all, one)?.live === true)
    .map(
      (one) =>
        `ended-but-active: ${one.handle} of ${managed.name} is ended on record since ` +
        `${new Date(one.endedAt ?? 0).toISOString()}, and is active`,
    );
}

/**
 * `leak`: no value stands anywhere but at issuers and in Secrets Manager, and none went to a host that nobody
 * confirmed.
 */
export function leaks(fleet: Fleet, all: readonly IssuedCredential[]): string[] {
  const violations = fleet.misdirected.map((call) => `leak: a value went to a strange host with ${call}`);
  for (const world of fleet.worlds) {
    const written = {
      inventory: world.inventory.dump(),
      facts: JSON.stringify(world.facts),
      log: world.logged.join('\n'),
      errors: world.errors.join('\n'),
      commands: JSON.stringify(world.queue.sent),
    };
    for (const [place, text] of Object.entries(written))
      if (all.some((one) => text.includes(one.value)))
        violations.push(`leak: a secret value is in the ${place}`);
  }
  return violations;
}
