/** One run of discovery: surveys secrets, reads the inventory, and compares each token with the others. */
import * as z from 'zod';
import type { Holdings } from '../../core/inventory/credential-holders.ts';
import type { DiscoverySettings } from '../../core/inventory/discovery-settings.ts';
import type { Token } from '../../core/token/token.ts';
import { MINUTE } from '../../core/basics/time.ts';
import { inParallel } from '../commands/in-parallel.ts';
import { reasonOf } from '../inventory/store.ts';
import { withLease } from '../inventory/lease.ts';
import { surveySecrets } from './survey-secrets.ts';
import { isHeld, readHoldings } from './read-holdings.ts';
import { writeToInstallation, writeToToken } from './write-discoveries.ts';
import type { DiscoverPorts } from './discover-ports.ts';

/** What one run did. */
export interface DiscoverReport {
  /** Tokens that were compared. */
  readonly tokens: number;
  /** Tokens with a finding that is new or over. */
  readonly changed: number;
  readonly failed: number;
  readonly unmanaged: number;
  /** False when the time was over before every token was compared. The next run begins with the others. */
  readonly complete: boolean;
}

/** Tokens compared at the same time. */
const WIDTH = 8;

/** With less time left than this, no further token is begun. */
const RESERVE = MINUTE;

/** Where a run stopped that had no more time. If it is lost, the next run begins with the first token. */
const Stopped = z.strictObject({ after: z.string() });

/**
 * Compares the whole inventory with itself: who owns, shares, duplicates and uses what.
 * It also lists secrets that hold tokens and are not registered.
 * It reads no value, and changes nothing but findings.
 * It goes through the records twice and keeps none: first for who holds which credential, then for findings.
 * Resolves to undefined when another run is at work.
 */
export function discover(
  settings: DiscoverySettings,
  ports: DiscoverPorts,
): Promise<DiscoverReport | undefined> {
  return withLease('discover', ports, async ({ note }) => {
    const survey = await surveySecrets(settings, ports);
    const { holdings, reviews } = await readHoldings(settings, ports);
    const after = Stopped.safeParse(note).data?.after;
    const { last, ...counts } = await lookOverTokens(after, holdings, settings, ports);
    await writeToInstallation(survey, reviews, ports);
    const isOver = counts.complete || last === undefined;
    return {
      result: { ...counts, unmanaged: survey.unmanaged },
      note: isOver ? undefined : ({ after: last } satisfies z.output<typeof Stopped>),
    };
  });
}

type Counts = Omit<DiscoverReport, 'unmanaged'> & { readonly last: string | undefined };

async function lookOverTokens(
  after: string | undefined,
  holdings: Holdings,
  settings: DiscoverySettings,
  ports: DiscoverPorts,
): Promise<Counts> {
  const counts = { tokens: 0, changed: 0, failed: 0 };
  let last: string | undefined;
  const mayGoOn = (): boolean => ports.timeLeft() >= RESERVE;
  const complete = await inParallel(roundFrom(after, ports), WIDTH, mayGoOn, async (token) => {
    last = token.id;
    if (!isHeld(token)) return;
    counts.tokens++;
    try {
      if (await writeToToken(token, holdings, settings, ports)) counts.changed++;
    } catch (error) {
      counts.failed++;
      ports.log.error('a token could not be compared', { tokenId: token.id, reason: reasonOf(error) });
    }
  });
  return { ...counts, complete, last };
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
