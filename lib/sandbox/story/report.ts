import type { Alert } from './alerts.ts';
import { livesOf, type Check } from './checks.ts';
import type { Told } from './story.ts';

/** What `npm start -- --json` prints. */
export interface Report {
  readonly tokens: number;
  readonly rotations: number;
  readonly consumerCalls: number;
  readonly consumerFailures: number;
  /** Credentials that ended, by the issuers' own count. */
  readonly revoked: number;
  /** Those of them that their issuer rejects. */
  readonly revokedVerified: number;
  readonly alerts: readonly (Pick<Alert, 'kind' | 'severity' | 'channel'> & { readonly resolved: boolean })[];
  readonly virtualDays: number;
  readonly seconds: number;
  readonly promises: readonly Check[];
}

export function reportOf({ evidence, checks, virtualDays }: Told, seconds: number): Report {
  const { facts, calls, holdings, heard, secrets } = evidence;
  const retired = holdings.flatMap((one) => one.retired);
  return {
    tokens: secrets.length,
    rotations: livesOf(facts, 'rotated').length,
    consumerCalls: calls.reduce((sum, one) => sum + one.calls, 0),
    consumerFailures: calls.reduce((sum, one) => sum + one.failures, 0),
    revoked: retired.length,
    revokedVerified: retired.filter(({ isRefused }) => isRefused).length,
    alerts: heard.alerts.map(({ kind, severity, channel, resolvedAt }) => ({
      kind,
      severity,
      channel,
      resolved: resolvedAt !== undefined,
    })),
    virtualDays,
    seconds,
    promises: checks,
  };
}
