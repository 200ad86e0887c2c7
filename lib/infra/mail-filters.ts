import type { Route } from '../../functions/core/alerts/routes.ts';
import type { Settings } from './settings.ts';

/** What one address hears: any of these, each a set of attributes; undefined for everything. */
export type MailFilter = readonly Readonly<Record<string, readonly string[]>>[] | undefined;

const SEVERITIES = ['info', 'warning', 'critical'] as const;

/** Every address with whom it hears of, as the function that looks after subscriptions reads it. */
export function mailRoutes({ emails, routes, fallbackOwner, escalateTo }: Settings['alerts']): Route[] {
  const some = [...routes.flatMap((one) => one.emails), ...escalateTo].filter((to) => !emails.includes(to));
  const ownersOf = (to: string): Route['owners'] =>
    Object.fromEntries(
      routes
        .filter((one) => one.emails.includes(to))
        .flatMap(({ owner, minSeverity }) =>
          (owner === fallbackOwner ? ['', owner] : [owner]).map((of) => [of, minSeverity]),
        ),
    );
  return [
    ...[...new Set(emails)].map((to) => ({ to })),
    ...[...new Set(some)].map((to) => ({ to, owners: ownersOf(to) })),
  ];
}

/** Every address once, since a topic knows an address only once, with all that it is to hear. */
export function mailFilters({
  emails,
  routes,
  escalateTo,
}: Settings['alerts']): ReadonlyMap<string, MailFilter> {
  const chosen = new Map<string, NonNullable<MailFilter>[number][]>();
  const add = (address: string, filter: NonNullable<MailFilter>[number]): void =>
    void chosen.set(address, [...(chosen.get(address) ?? []), filter]);
  for (const { owner, emails: addresses, minSeverity } of routes) {
    const severity = SEVERITIES.slice(SEVERITIES.indexOf(minSeverity));
    for (const address of addresses) add(address, { route: [owner], severity });
  }
  for (const address of escalateTo) add(address, { change: ['reminder'] });
  return new Map<string, MailFilter>([
    ...chosen,
    ...emails.map((address): [string, MailFilter] => [address, undefined]),
  ]);
}
