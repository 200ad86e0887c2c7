/** Takes a read or a denied call into the baseline of a token. */
import { HOUR, type Instant } from '../basics/time.ts';
import {
  type DecayingCount,
  aged,
  bounded,
  firstSeen,
  rounded,
  seenAgain,
  withDecayingCount,
} from './decaying-count.ts';
import { type Baseline, MOST, type Reader, hourOf } from './baseline.ts';

/** Denials are counted over about a day. */
const DENIAL_HALF_LIFE = 12 * HOUR;

/** What one read adds. `isKnown` says what becomes of a principal, network or Region that was not there. */
export interface Sighting {
  readonly at: Instant;
  readonly principal: string;
  readonly role: string | undefined;
  readonly network: string;
  readonly region: string;
  readonly agent: string;
  readonly version: string | undefined;
  readonly isKnown: { readonly principal: boolean; readonly network: boolean; readonly region: boolean };
}

/**
 * Takes a read into the baseline. Its rate is counted elsewhere. An unusual read adds neither programs nor
 * hours.
 */
export function learnt(baseline: Baseline, read: Sighting): Baseline {
  const lastAt = Math.max(baseline.lastAt, read.at);
  const before = baseline.readers.find((one) => one.id === read.principal);
  const hasBegun = baseline.readers.some((one) => one.known);
  const isFresh = before === undefined && baseline.readers.length > 0 && read.isKnown.principal;
  const ageing = lastAt - baseline.lastAt;
  const since = aged(1, lastAt - read.at);
  const hour = hourOf(read.at);
  const isOrdinary = read.isKnown.principal && read.isKnown.network;
  const kept = within(baseline, lastAt, {
    readers: withDecayingCount(baseline.readers, readAgain(before, read)),
    regions: withDecayingCount(
      baseline.regions,
      again(baseline.regions, read.region, read, read.isKnown.region),
    ),
    agents: isOrdinary
      ? withDecayingCount(baseline.agents, again(baseline.agents, read.agent, read, true))
      : baseline.agents,
  });
  return {
    ...baseline,
    ...kept,
    since: hasBegun || !read.isKnown.principal ? Math.min(baseline.since, read.at) : read.at,
    lastAt,
    silence: Math.max(baseline.silence, ageing),
    reads: rounded(aged(baseline.reads, ageing) + since),
    fresh: rounded(aged(baseline.fresh, ageing) + (isFresh ? since : 0)),
    hours: baseline.hours.map((latest, index) =>
      isOrdinary && index === hour ? Math.max(latest, read.at) : latest,
    ),
  };
}

type Kept = Pick<Baseline, 'readers' | 'regions' | 'agents'>;

function within(baseline: Baseline, now: Instant, grown: Kept): Kept & Pick<Baseline, 'evicted'> {
  const readers = bounded(grown.readers, MOST.readers, now);
  const regions = bounded(grown.regions, MOST.regions, now);
  const agents = bounded(grown.agents, MOST.agents, now);
  const lost =
    grown.readers.length -
    readers.length +
    (grown.regions.length - regions.length) +
    (grown.agents.length - agents.length);
  return { readers, regions, agents, evicted: baseline.evicted + lost };
}

function again(
  decayingCounts: readonly DecayingCount[],
  id: string,
  read: { at: Instant },
  isKnown: boolean,
): DecayingCount {
  const before = decayingCounts.find((one) => one.id === id);
  return before ? seenAgain(before, read.at) : firstSeen(id, read.at, isKnown);
}

function readAgain(before: Reader | undefined, read: Sighting): Reader {
  const version = read.version === undefined ? {} : { version: read.version };
  if (!before) {
    const networks = [firstSeen(read.network, read.at, true)];
    return {
      ...firstSeen(read.principal, read.at, read.isKnown.principal),
      networks,
      fresh: 0,
      network: read.network,
      ...version,
      ...roleOf(read),
    };
  }
  const isNew = read.isKnown.network && !before.networks.some((one) => one.id === read.network);
  const networks = bounded(
    withDecayingCount(before.networks, again(before.networks, read.network, read, read.isKnown.network)),
    MOST.networks,
    read.at,
  );
  const next = seenAgain(before, read.at);
  const fresh = rounded(
    aged(before.fresh, next.lastAt - before.lastAt) + (isNew ? aged(1, next.lastAt - read.at) : 0),
  );
  const latest = read.at >= before.lastAt ? { network: read.network, ...version, ...roleOf(read) } : {};
  return { ...next, networks, fresh, ...latest };
}

function roleOf(read: Sighting): Pick<Reader, 'role'> {
  return read.role === undefined || read.role === read.principal ? {} : { role: read.role };
}

/** Takes a denied call into account. It does not become usual, and is forgotten within days. */
export function denied(baseline: Baseline, principal: string, at: Instant): Baseline {
  const before = baseline.denials.find((one) => one.id === principal);
  const decayingCount = before ? seenAgain(before, at, DENIAL_HALF_LIFE) : firstSeen(principal, at, false);
  return {
    ...baseline,
    denials: bounded(withDecayingCount(baseline.denials, decayingCount), MOST.denials, at),
  };
}
