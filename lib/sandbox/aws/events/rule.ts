import type { Millis } from '../../../../functions/core/basics/time.ts';
import type { Principal, World } from '../types.ts';
import type { TargetInput } from './input.ts';

export interface Target extends TargetInput {
  readonly id: string;
  readonly arn: string;
  /** With whose permissions the target is reached; an event bus needs one. */
  readonly role?: Principal;
  readonly deadLetterArn?: string;
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAge?: Millis;
}

export interface Rule {
  readonly name: string;
  /** The default bus unless named. */
  readonly bus?: string;
  readonly pattern: Readonly<Record<string, unknown>>;
  readonly state?: 'ENABLED' | 'DISABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
  readonly targets: readonly Target[];
}

export function arnOfRule(
  world: Pick<World, 'region' | 'account'>,
  rule: Pick<Rule, 'name' | 'bus'>,
): string {
  const bus = rule.bus === undefined || rule.bus === 'default' ? '' : `${rule.bus}/`;
  return `arn:aws:events:${world.region}:${world.account}:rule/${bus}${rule.name}`;
}

/** The name of a bus, by its name or ARN. */
export function nameOf(text: string | undefined): string {
  return text?.split('/').at(-1) ?? 'default';
}
