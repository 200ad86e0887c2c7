import { DISCOVERED, approvedUntil, credentialKeys, discovered, handleKeys, type DiscoverySettings, type Holdings } from '../core/discovery.ts';
import { usageOf } from '../core/detection/usage.ts';
import type { Observation } from '../core/findings.ts';
import { noting, unnoted } from '../core/noted.ts';
import { isRetiring } from '../core/ending.ts';
import type { Token } from '../core/token.ts';
import { surveyed, unmanagedIn, type SecretSurvey, type Survey, type Unmanaged } from '../core/unmanaged.ts';
import { changeEstate, type EstatePorts } from './estate.ts';
import { change, reasonOf } from './store.ts';

export type DiscoverPorts = EstatePorts & { readonly survey: SecretSurvey };

export interface DiscoverReport {
  readonly tokens: number;
  /** Tokens of which something is said by now that was not, or the other way round. */
  readonly changed: number;
  readonly failed: number;
  readonly unmanaged: number;
}

/** So many unmanaged secrets are listed by name; of more only the number is kept. */
const MOST_LISTED = 500;

/** Holds the whole estate against itself: who owns, shares, duplicates and uses what, and what nobody registered. Reads no value and changes nothing but what is said. */
export async function discover(settings: DiscoverySettings, ports: DiscoverPorts): Promise<DiscoverReport> {
  const survey = await surveyAll(settings, ports);
  const { tokens, holdings } = await readAll(ports);
  const report = { tokens: tokens.length, changed: 0, failed: 0, unmanaged: survey.unmanaged };
  for (const token of tokens) {
    try {
      if (await tell(token, holdings, settings, ports)) report.changed++;
    } catch (error) {
      report.failed++;
      ports.log.error('a token could not be looked over', { tokenId: token.id, reason: reasonOf(error) });
    }
  }
  await tellEstate(survey, reviewsDue(tokens, settings, ports.now()), ports);
  return report;
}

async function readAll(ports: DiscoverPorts): Promise<{ tokens: Token[]; holdings: Holdings }> {
  const tokens: Token[] = [];
  const holders = new Map<string, string[]>();
  const handles = new Set<string>();
  for await (const { token } of ports.inventory.all()) {
    for (const key of handleKeys(token)) handles.add(key);
    if (token.detachedAt !== undefined || isRetiring(token)) continue;
    tokens.push(token);
    for (const key of credentialKeys(token)) holders.set(key, [...(holders.get(key) ?? []), token.name]);
  }
  return { tokens, holdings: { holders, handles } };
}

/** Writes only where something else is to be said than stands there. */
async function tell(seen: Token, holdings: Holdings, settings: DiscoverySettings, ports: DiscoverPorts): Promise<boolean> {
  const now = ports.now();
  const readings = settings.trail ? await ports.inventory.readers(seen.id) : [];
  const said = (token: Token): Token => saying(token, once([...discovered(token, holdings, settings, now), ...usageOf(token, readings, settings, now)]), now);
  if (said(seen) === seen) return false;
  await change(seen.id, ports, said);
  return true;
}

/** What is declared says more than what a trail saw. */
function once(observed: readonly Observation[]): Observation[] {
  return observed.filter((one, place) => observed.findIndex((other) => other.kind === one.kind) === place);
}

function saying(token: Token, observed: readonly Observation[], now: number): Token {
  const over = DISCOVERED.filter((kind) => !observed.some((one) => one.kind === kind)).reduce((doing, kind) => unnoted(doing, kind), token);
  return observed.reduce((doing, one) => noting(doing, one, { now }), over);
}

async function surveyAll(settings: DiscoverySettings, ports: DiscoverPorts): Promise<Survey> {
  let secrets = 0;
  const unmanaged: Unmanaged[] = [];
  for await (const secret of ports.survey.listed()) {
    secrets++;
    const one = unmanagedIn(secret, settings);
    if (one) unmanaged.push(one);
  }
  const first = unmanaged.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MOST_LISTED);
  return { at: ports.now(), secrets, unmanaged: unmanaged.length, first };
}

/** Tokens that nobody approved within the time that the settings give. */
function reviewsDue(tokens: readonly Token[], settings: DiscoverySettings, now: number): string[] {
  const { reviewEvery } = settings;
  if (reviewEvery === undefined) return [];
  return tokens.filter((one) => approvedUntil(one, settings) <= now && now - one.enrolledAt >= reviewEvery).map((one) => one.name).sort();
}

async function tellEstate(survey: Survey, due: readonly string[], ports: DiscoverPorts): Promise<void> {
  const now = ports.now();
  const unmanaged = surveyed(survey);
  const [first] = due;
  const review: Observation | undefined = first === undefined ? undefined : { kind: 'review-due', severity: 'warning', detail: `${due.length} ${due.length === 1 ? 'token has' : 'tokens have'} to be reviewed again, such as ${first}: \`keyturn review\` lists them.` };
  await changeEstate(ports, (estate) => {
    const one = unmanaged ? noting(estate, unmanaged, { now }) : unnoted(estate, 'unmanaged-secret');
    return { ...(review ? noting(one, review, { now }) : unnoted(one, 'review-due')), survey };
  });
}
