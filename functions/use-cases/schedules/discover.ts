import * as z from 'zod';
import { DISCOVERED, discovered } from '../../core/inventory/discovery-findings.ts';
import { approvedUntil } from '../../core/inventory/approvals.ts';
import { credentialKeys, handleKeys, type Holdings } from '../../core/inventory/credential-holders.ts';
import type { DiscoverySettings } from '../../core/inventory/discovery-settings.ts';
import { usageOf } from '../../core/inventory/usage.ts';
import type { Observation } from '../../core/findings/findings.ts';
import { noting, unnoted } from '../../core/findings/reported-findings.ts';
import { isRetiring } from '../../core/token/retirement.ts';
import type { Token } from '../../core/token/token.ts';
import { MINUTE } from '../../core/basics/time.ts';
import {
  surveyed,
  unmanagedIn,
  type SecretSurvey,
  type Survey,
  type Unmanaged,
} from '../../core/inventory/unregistered-secrets.ts';
import { changeInstallationRecord, type InstallationRecordPorts } from '../inventory/installation.ts';
import { inParallel } from '../commands/in-parallel.ts';
import { change, reasonOf } from '../inventory/store.ts';
import { withLease, type LeasePorts } from '../inventory/lease.ts';

export type DiscoverPorts = InstallationRecordPorts & LeasePorts & { readonly survey: SecretSurvey };

export interface DiscoverReport {
  /** Tokens that were looked over. */
  readonly tokens: number;
  /** Tokens of which something is said by now that was not, or the other way round. */
  readonly changed: number;
  readonly failed: number;
  readonly unmanaged: number;
  /** False when the time was over before every token was looked over; the next run begins with the others. */
  readonly complete: boolean;
}

/** So many unmanaged secrets are listed by name; of more only the number is kept. */
const MOST_LISTED = 500;
/** Tokens looked over at once. */
const WIDTH = 8;
/** What is kept back of the invocation's time. */
const RESERVE = MINUTE;

/** Where a run stopped that had no more time. Lost, the next one begins with the first token. */
const Stopped = z.strictObject({ after: z.string() });

/**
 * Holds the whole estate against itself: who owns, shares, duplicates and uses what, and what nobody registered. Reads no value and changes nothing but what is said.
 * Goes through the records twice and keeps none: first for who holds which credential, then for what is to be said of each. Resolves to undefined when another run is at work.
 */
export function discover(
  settings: DiscoverySettings,
  ports: DiscoverPorts,
): Promise<DiscoverReport | undefined> {
  return withLease('discover', ports, async ({ note }) => {
    const survey = await surveyAll(settings, ports);
    const { holdings, reviews } = await readAll(settings, ports);
    const report = { tokens: 0, changed: 0, failed: 0, unmanaged: survey.unmanaged };
    let last: string | undefined;
    const mayGoOn = (): boolean => ports.timeLeft() >= RESERVE;
    const complete = await inParallel(
      roundFrom(Stopped.safeParse(note).data?.after, ports),
      WIDTH,
      mayGoOn,
      async (token) => {
        last = token.id;
        if (!isHeld(token)) return;
        report.tokens++;
        try {
          if (await tell(token, holdings, settings, ports)) report.changed++;
        } catch (error) {
          report.failed++;
          ports.log.error('a token could not be looked over', { tokenId: token.id, reason: reasonOf(error) });
        }
      },
    );
    await tellInstallationRecord(survey, reviews, ports);
    return {
      result: { ...report, complete },
      note: complete || last === undefined ? undefined : ({ after: last } satisfies z.output<typeof Stopped>),
    };
  });
}

function isHeld(token: Token): boolean {
  return token.detachedAt === undefined && !isRetiring(token);
}

/** Every token once, beginning after the one that an earlier run came to. */
async function* roundFrom(after: string | undefined, ports: DiscoverPorts): AsyncIterable<Token> {
  for await (const { token } of ports.inventory.all(after)) yield token;
  if (after === undefined) return;
  for await (const { token } of ports.inventory.all()) {
    yield token;
    if (token.id === after) return;
  }
}

async function readAll(
  settings: DiscoverySettings,
  ports: DiscoverPorts,
): Promise<{ holdings: Holdings; reviews: ReviewsDue }> {
  const holders = new Map<string, string[]>();
  const handles = new Set<string>();
  let reviews: ReviewsDue = { count: 0, first: undefined };
  for await (const { token } of ports.inventory.all()) {
    for (const key of handleKeys(token)) handles.add(key);
    if (!isHeld(token)) continue;
    reviews = withReviewOf(token, reviews, settings, ports.now());
    for (const key of credentialKeys(token)) {
      const known = holders.get(key);
      if (known) known.push(token.name);
      else holders.set(key, [token.name]);
    }
  }
  return { holdings: { holders, handles }, reviews };
}

/** Writes only where something else is to be said than stands there. */
async function tell(
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

/** What is declared says more than what a trail saw. */
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

async function surveyAll(settings: DiscoverySettings, ports: DiscoverPorts): Promise<Survey> {
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

/** Tokens that nobody approved within the time that the settings give, and the name of the first of them. */
interface ReviewsDue {
  readonly count: number;
  readonly first: string | undefined;
}

function withReviewOf(
  token: Token,
  { count, first }: ReviewsDue,
  settings: DiscoverySettings,
  now: number,
): ReviewsDue {
  const { reviewEvery } = settings;
  if (
    reviewEvery === undefined ||
    approvedUntil(token, settings) > now ||
    now - token.enrolledAt < reviewEvery
  )
    return { count, first };
  return { count: count + 1, first: first === undefined || token.name < first ? token.name : first };
}

async function tellInstallationRecord(
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
          detail: `${count} ${count === 1 ? 'token has' : 'tokens have'} to be reviewed again, such as ${first}: \`keyturn review list\` lists them.`,
        };
  await changeInstallationRecord(ports, (installationRecord) => {
    const one = unmanaged
      ? noting(installationRecord, unmanaged, { now })
      : unnoted(installationRecord, 'secret-unregistered');
    return { ...(review ? noting(one, review, { now }) : unnoted(one, 'review-due')), survey };
  });
}
