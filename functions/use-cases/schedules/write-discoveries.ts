/** Writes what discovery found: at each token, and at the installation record. */
import { DISCOVERED, discovered } from '../../core/inventory/discovery-findings.ts';
import type { Holdings } from '../../core/inventory/credential-holders.ts';
import type { DiscoverySettings } from '../../core/inventory/discovery-settings.ts';
import { usageOf } from '../../core/inventory/usage.ts';
import type { Observation } from '../../core/findings/findings.ts';
import { noting, unnoted } from '../../core/findings/reported-findings.ts';
import type { Token } from '../../core/token/token.ts';
import { surveyed, type Survey } from '../../core/inventory/unregistered-secrets.ts';
import { changeInstallationRecord } from '../inventory/installation.ts';
import { change } from '../inventory/store.ts';
import type { DiscoverPorts } from './discover-ports.ts';
import type { ReviewsDue } from './read-holdings.ts';

/** Writes the findings of one token, only where they changed. Resolves to whether it wrote. */
export async function writeToToken(
  seen: Token,
  holdings: Holdings,
  settings: DiscoverySettings,
  ports: DiscoverPorts,
): Promise<boolean> {
  const now = ports.now();
  const readings = settings.trail ? await ports.inventory.readers(seen.id) : [];
  const said = (token: Token): Token =>
    saying(
      token,
      once([...discovered(token, holdings, settings, now), ...usageOf(token, readings, settings, now)]),
      now,
    );
  if (said(seen) === seen) return false;
  await change(seen.id, ports, said);
  return true;
}

/** What is declared says more than what CloudTrail saw. */
function once(observed: readonly Observation[]): Observation[] {
  return observed.filter((one, place) => observed.findIndex((other) => other.kind === one.kind) === place);
}

function saying(token: Token, observed: readonly Observation[], now: number): Token {
  const over = DISCOVERED.filter((kind) => !observed.some((one) => one.kind === kind)).reduce(
    (doing, kind) => unnoted(doing, kind),
    token,
  );
  return observed.reduce((doing, one) => noting(doing, one, { now }), over);
}

/** Writes what was found over all secrets and tokens. */
export async function writeToInstallation(
  survey: Survey,
  { count, first }: ReviewsDue,
  ports: DiscoverPorts,
): Promise<void> {
  const now = ports.now();
  const unmanaged = surveyed(survey);
  const review: Observation | undefined =
    first === undefined
      ? undefined
      : {
          kind: 'review-due',
          severity: 'warning',
          detail:
            `${count} ${count === 1 ? 'token has' : 'tokens have'} to be reviewed again, such as ${first}: ` +
            '`keyturn review list` lists them.',
        };
  await changeInstallationRecord(ports, (installationRecord) => {
    const one = unmanaged
      ? noting(installationRecord, unmanaged, { now })
      : unnoted(installationRecord, 'secret-unregistered');
    return { ...(review ? noting(one, review, { now }) : unnoted(one, 'review-due')), survey };
  });
}
