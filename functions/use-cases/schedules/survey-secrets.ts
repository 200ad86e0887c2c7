/** Goes through all secrets of the account for those that hold tokens and are not registered. */
import type { DiscoverySettings } from '../../core/inventory/discovery-settings.ts';
import { unmanagedIn, type Survey, type Unmanaged } from '../../core/inventory/unregistered-secrets.ts';
import type { DiscoverPorts } from './discover-ports.ts';

/** So many unregistered secrets are listed by name. Of more, only the number is kept. */
const MOST_LISTED = 500;

/** Counts them, and lists the first of them by name. */
export async function surveySecrets(settings: DiscoverySettings, ports: DiscoverPorts): Promise<Survey> {
  let secrets = 0;
  let unmanaged = 0;
  let first: Unmanaged[] = [];
  for await (const secret of ports.survey.listed()) {
    secrets++;
    const one = unmanagedIn(secret, settings);
    if (!one) continue;
    unmanaged++;
    first.push(one);
    if (first.length >= 2 * MOST_LISTED) first = firstByName(first);
  }
  return { at: ports.now(), secrets, unmanaged, first: firstByName(first) };
}

function firstByName(all: readonly Unmanaged[]): Unmanaged[] {
  return all.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MOST_LISTED);
}
