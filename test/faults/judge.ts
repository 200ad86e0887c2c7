import { isDeliveredToAll } from '../../functions/core/delivery/deliveries.ts';
import type { FindingKind } from '../../functions/core/findings/findings.ts';
import { isUnderWay } from '../../functions/core/token/lookups.ts';
import { knownHandles, liveCredentials } from '../../functions/core/token/known-credentials.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { areInTurn } from '../../functions/core/issuer/issuer-facts.ts';
import { tellsRefusals } from '../../functions/core/validity/check-rules.ts';
import { PROVIDERS } from '../../functions/providers/registry.ts';
import type { IssuedCredential } from '../../lib/sandbox/issuers/simulator.ts';
import { isDisturbance, type Disturbance, type Fault } from '../world/faults.ts';

/**
 * What is known of one token at one moment, wherever its life is played: by the product, by Secrets Manager,
 * and by the issuer itself.
 */
export interface Scene {
  readonly record: Token | undefined;
  /** Staging labels by version id. */
  readonly labels: ReadonlyMap<string, readonly string[]>;
  /** The text that AWSCURRENT names; empty when there is none. */
  readonly current: string;
  /** The issuer's own list. */
  readonly credentials: readonly IssuedCredential[];
  readonly consumer: { calls(): number; failures(): number };
  /**
   * Handles of issued credentials whose values stand where the record says, where it knows them by values
   * alone.
   */
  readonly held?: ReadonlySet<string>;
  /** Consumers that were to be brought what is current, and do not have it. */
  readonly unserved?: readonly string[];
}

/** All that the product wrote down or lost while tokens lived. */
export interface Remains {
  /** Places by name, and everything that is written there. */
  readonly written: readonly (readonly [place: string, text: string])[];
  readonly deadLetters: number;
  /** Values that only issuers and Secrets Manager may hold. */
  readonly values: readonly string[];
}

/** What happened to the token, if anything did. */
export type Hit = Fault | Disturbance | undefined;

/**
 * What must hold two sweeps after any fault: one current credential that works, nothing live that is not on
 * record, no AWSPENDING left behind.
 */
export function judge(scene: Scene, hit: Hit): string[] {
  const { record, labels, current: text, credentials } = scene;
  if (!record) return ['the token is not in the inventory'];
  const current = [...labels].find(([, stages]) => stages.includes('AWSCURRENT'))?.[0];
  const pending = [...labels].find(([, stages]) => stages.includes('AWSPENDING'))?.[0];
  const issued = credentials.filter((one) => one.live);
  const violations: string[] = [];
  const isInactiveKnown = record.findings.some(
    (one) => one.state === 'open' && sayingInactive(record).includes(one.kind),
  );
  const wasCurrent = current !== undefined || record.credentials.some((one) => one.promotedAt !== undefined);
  if (wasCurrent && !issued.some((one) => text.includes(one.value)) && !isInactiveKnown)
    violations.push('AWSCURRENT names a credential that its issuer does not know as live');
  if (
    pending !== undefined &&
    pending !== current &&
    !record.attempts.some((one) => one.id === pending && isUnderWay(one))
  )
    violations.push('AWSPENDING is left on a version that no attempt owns');
  const known = new Set([...accountedHandles(record), ...(scene.held ?? [])]);
  for (const one of issued)
    if (!known.has(one.handle) && !text.includes(one.value) && hit !== 'value-put-by-hand')
      violations.push(`the live credential ${one.handle} is on no record`);
  return violations;
}

/** Attempts that something will still be done about. */
export function openAttempts({ attempts }: Token): Token['attempts'] {
  return attempts.filter((one) => isUnderWay(one) || one.tidy !== true);
}

/** What a finding says of a current value that was revoked: no more than its issuer's refusals prove. */
function sayingInactive({ provider }: Token): readonly FindingKind[] {
  const check = PROVIDERS.get(provider)?.descriptor.check;
  return check && tellsRefusals(check) ? ['token-inactive'] : ['token-inactive', 'validity-unknown'];
}

/**
 * Handles that something will still be done about: an ended, accounted-for attempt that merely names one does
 * not count.
 */
function accountedHandles(record: Token): Set<string> {
  return knownHandles({ ...record, attempts: openAttempts(record), credentials: liveCredentials(record) });
}

/**
 * A person who revokes the credential in use, or points AWSCURRENT at a revoked one, breaks consumers; then a
 * finding must say so. So does one who gives a name a new value while consumers use the one before.
 */
function mayBreakConsumers({ provider }: Token, hit: Hit): boolean {
  const slots = PROVIDERS.get(provider)?.descriptor.slots;
  const isReplaced = hit === 'value-put-by-hand' && slots !== undefined && areInTurn(slots);
  return isReplaced || hit === 'revoked-by-hand' || hit === 'labels-moved';
}

/** What must hold at the end of a life, with all grace over. */
export function judgeEnd(scene: Scene, hit: Hit): string[] {
  const violations = judge(scene, hit);
  const { record, consumer } = scene;
  if (!record) return violations;
  const issued = scene.credentials.filter((one) => one.live);
  const lives = liveCredentials(record);
  const byPerson = hit !== undefined && isDisturbance(hit);
  if (record.attempts.some(isUnderWay)) violations.push('an attempt is still under way');
  if (record.attempts.some((one) => !isUnderWay(one) && one.tidy !== true))
    violations.push('an attempt is not accounted for');
  if (record.outbox.length > 0) violations.push('facts wait in the outbox');
  if (!byPerson && issued.length !== 1)
    violations.push(
      `${issued.length} credentials live at the issuer, not one: ` +
        issued.map((one) => one.handle).join(', '),
    );
  if (!byPerson && lives.length !== 1)
    violations.push(
      `${lives.length} generations live on record, not one: ` +
        lives.map((one) => `${one.id} ${one.state}`).join(', '),
    );
  if (record.credentials.filter((one) => one.state === 'current').length !== 1)
    violations.push('not exactly one generation is current');
  if (consumer.calls() < 50) violations.push('the consumer hardly used the token');
  if (consumer.failures() > 0 && !mayBreakConsumers(record, hit))
    violations.push(`${consumer.failures()} calls of the consumer were refused by the issuer`);
  const isRefused = record.refusedSince !== undefined;
  if (!isRefused)
    violations.push(...(scene.unserved ?? []).map((one) => `${one} does not have the current value`));
  if (!byPerson && record.findings.some((one) => one.state === 'open'))
    violations.push(
      `a finding is open without cause: ${record.findings
        .filter((one) => one.state === 'open')
        .map((one) => one.kind)
        .join(', ')}`,
    );
  return violations;
}

/**
 * What must hold of everything that is left: no command given up, and no value anywhere but where it belongs.
 */
export function judgeRemains({ written, deadLetters, values }: Remains): string[] {
  const undelivered = deadLetters > 0 ? [`${deadLetters} commands ended in the dead-letter queue`] : [];
  const leaks = written.filter(([, text]) =>
    [...values, 'canary-in-a-body'].some((value) => text.includes(value)),
  );
  return [...undelivered, ...leaks.map(([place]) => `a secret value is in the ${place}`)];
}

/**
 * Whether a token has nothing left to do until its next rotation. What only people can revoke is not waited
 * for.
 */
export function isAtRest(token: Token | undefined): boolean {
  if (!token || token.outbox.length > 0) return false;
  // A value that an issuer seemed to refuse is asked about again within the hour.
  if (token.refusedSince !== undefined) return false;
  return (
    liveCredentials(token).filter(({ problem }) => problem?.kind !== 'credential-unmanaged').length === 1 &&
    isDeliveredToAll(token) &&
    token.attempts.every((one) => one.tidy === true)
  );
}
