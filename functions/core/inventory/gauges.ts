import { OVERDUE_AFTER, approvedScopes } from '../assessment/assess-status.ts';
import { pendingDeliveryOf } from '../delivery/deliveries.ts';
import { GAUGES, type Gauge } from './metric-names.ts';
import { rotationWish } from '../rotation/next-rotation.ts';
import { currentOf } from '../token/lookups.ts';
import type { Token } from '../token/token.ts';
import { DAY, type Instant } from '../basics/time.ts';

/** A credential without use for so long counts as unused. */
const UNUSED_AFTER = 90 * DAY;

/** What is added up while tokens are looked at; means come of sums and counts. */
interface Sum {
  readonly total: number;
  readonly count: number;
}

type Sums = Map<Gauge, Sum>;

/**
 * Looks at tokens one by one and tells, for each provider, how they are as a whole. Tokens that were let go
 * do not count.
 */
export class Gauges {
  readonly #sums = new Map<string, Sums>();

  look(token: Token, now: Instant): void {
    if (token.detachedAt !== undefined) return;
    const sums = this.#sums.get(token.provider) ?? new Map<Gauge, Sum>();
    this.#sums.set(token.provider, sums);
    const values = measured(token, now);
    for (const gauge of GAUGES) add(sums, gauge, values[gauge]);
  }

  /** The gauges of each provider that has tokens; a mean of nothing is left out. */
  all(): ReadonlyMap<string, ReadonlyMap<Gauge, number>> {
    return new Map([...this.#sums].map(([provider, sums]) => [provider, valuesOf(sums)]));
  }
}

const MEANS: ReadonlySet<Gauge> = new Set<Gauge>([
  'CredentialAgeDays',
  'CredentialLifetimeDays',
  'LeastPrivilegePercent',
]);

function add(sums: Sums, gauge: Gauge, value: number | undefined): void {
  const { total, count } = sums.get(gauge) ?? { total: 0, count: 0 };
  if (value !== undefined) sums.set(gauge, { total: total + value, count: count + 1 });
}

function valuesOf(sums: Sums): ReadonlyMap<Gauge, number> {
  return new Map(
    [...sums].map(([gauge, { total, count }]) => [
      gauge,
      MEANS.has(gauge) ? Math.round((total / count) * 100) / 100 : total,
    ]),
  );
}

/** What one token adds; undefined where it says nothing. */
function measured(token: Token, now: Instant): Record<Gauge, number | undefined> {
  const current = currentOf(token);
  const issued = current?.issuedAt ?? current?.promotedAt;
  const expires = current?.expiresAt;
  const wish = rotationWish(token);
  const open = token.findings.filter((one) => one.state === 'open');
  return {
    Tokens: 1,
    CredentialAgeDays: issued === undefined ? undefined : (now - issued) / DAY,
    CredentialLifetimeDays:
      issued === undefined || expires === undefined ? undefined : (expires - issued) / DAY,
    TokensExpiring: counts(expires !== undefined && now >= expires - Math.max(0, ...token.policy.warnBefore)),
    TokensOverdue: counts(wish !== undefined && now >= wish.at + OVERDUE_AFTER),
    TokensUnused: counts(isUnused(token, now)),
    LeastPrivilegePercent: leastPrivilege(token),
    ConsumersPending: behind(token).size,
    FindingsCritical: open.filter((one) => one.severity === 'critical').length,
    FindingsWarning: open.filter((one) => one.severity === 'warning').length,
  };
}

/** Declared consumers that do not have the current value yet, or that hold up an old one. */
function behind(token: Token): ReadonlySet<string> {
  const consumers = token.consumers ?? [];
  const waiting = consumers
    .filter((one) => pendingDeliveryOf(token, one) !== undefined)
    .map((one) => one.name);
  const holding = token.credentials
    .filter((one) => one.state === 'previous')
    .flatMap((one) => (one.pendingConsumers ?? []).map((pendingConsumer) => pendingConsumer.who));
  return new Set([...waiting, ...holding.filter((who) => consumers.some((one) => one.name === who))]);
}

function counts(is: boolean): number {
  return is ? 1 : 0;
}

/** Only where the issuer tells when a credential was used. */
function isUnused({ use }: Token, now: Instant): boolean {
  return use !== undefined && now - Math.max(use.since, use.last ?? 0) >= UNUSED_AFTER;
}

/** 100 for a token whose scopes are all approved, 0 for one with more; nothing where either is not known. */
function leastPrivilege(token: Token): number | undefined {
  const approved = approvedScopes(token);
  if (token.scopes === undefined || approved === undefined) return undefined;
  return token.scopes.every((scope) => approved.includes(scope)) ? 100 : 0;
}
