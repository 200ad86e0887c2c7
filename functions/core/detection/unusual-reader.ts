/** Whether a read is unusual for who reads, and from where: an unrecognized reader or a new location. */
import type { Severity } from '../findings/findings.ts';
import { DAY } from '../basics/time.ts';
import type { Access } from './access.ts';
import { hourOf, type Baseline, type Reader } from './baseline.ts';
import { STAYS, seenFrom, type Circumstances, type Unusual, type Watched } from './anomaly.ts';
import type { VersionRead } from './readers.ts';
import type { Limits } from './sensitivity.ts';

/** A principal has to have read this often before its networks count as usual. */
const READS_UNTIL_USUAL = 3;

/** An hour of the day is usual if the token was read in it, or in one beside it, within this. */
const HOURS_KEPT = 45 * DAY;

/** Everything about one read that decides. */
export interface Look {
  readonly token: Watched;
  readonly baseline: Baseline;
  readonly access: Access;
  readonly limits: Limits;
  readonly reader: Reader | undefined;
  readonly read: VersionRead;
  readonly isLearning: boolean;
}

/**
 * Readers that never become usual: another account may be an attacker's, and the root user needs no token.
 * Only a person can accept them.
 */
function isNeverUsual({ isForeign, isRoot }: Access): boolean {
  return isForeign || isRoot;
}

/** A reader who did not read this token while its baseline was learned, and whom no person accepted. */
export function unrecognizedReaderIn(look: Look): Unusual | undefined {
  const { baseline, access, reader, limits } = look;
  if (reader ? reader.known : look.isLearning && !isNeverUsual(access)) return undefined;
  const isNeighbour = baseline.readers.some(
    (one) => one.known && one.networks.some((network) => network.id === access.network && network.known),
  );
  const isReadByMany = isRoaming(baseline.fresh, baseline.reads, limits);
  if (!isNeverUsual(access) && (isReadByMany || (isNeighbour && !limits.neighbours))) return undefined;
  const isOddAllOver = !isNeighbour && !isUsualAgent(look) && oddHour(look) !== '';
  const severity: Severity = isNeverUsual(access) || isOddAllOver ? 'critical' : 'warning';
  const known = baseline.readers.filter((one) => one.known).map((one) => one.id);
  const expected = `known readers are ${named(known)}`;
  return {
    kind: 'reader-unrecognized',
    subject: access.principal,
    severity,
    until: access.at + STAYS.unrecognizedReader,
    detail: `${access.principal} read it ${seenFrom(access)}${oddHour(look)}; ${expected}.`,
    sight: access,
  };
}

/**
 * A known reader at a new location. For a reader whose location often changes, only a new program is
 * unusual.
 */
export function newPlaceIn(look: Look, about: Circumstances): Unusual | undefined {
  const { access, reader, limits } = look;
  if (!reader || !reader.known) return undefined;
  if (isNewRegion(look, about)) return placeFinding(look, access.region, 'critical');
  const network = reader.networks.find((one) => one.id === access.network);
  const isNews = network
    ? !network.known
    : access.at >= reader.firstAt + look.token.policy.baselinePeriod &&
      reader.weight >= READS_UNTIL_USUAL &&
      !(isRoaming(reader.fresh, reader.weight, limits) && isUsualAgent(look));
  if (look.isLearning || !isNews) return undefined;
  return placeFinding(look, access.network, isUsualAgent(look) ? 'warning' : 'critical');
}

/** Whether a read came through a Region that is not usual for the token. */
export function isNewRegion({ baseline, access, isLearning }: Look, about: Circumstances): boolean {
  if (access.region === about.region) return false;
  const region = baseline.regions.find((one) => one.id === access.region);
  return region ? !region.known : !isLearning;
}

function placeFinding(look: Look, place: string, severity: Severity): Unusual {
  const { access, reader } = look;
  const from = `${seenFrom(access)}${oddHour(look)}`;
  const usual = named((reader?.networks ?? []).filter((one) => one.known).map((one) => one.id));
  return {
    kind: 'reader-location-new',
    subject: `${access.principal}@${place}`,
    severity,
    until: access.at + STAYS.unrecognizedReader,
    detail: `${access.principal} read it ${from}; it usually comes from ${usual}.`,
    sight: access,
  };
}

/**
 * Good and Turing's estimate: the chance that the next one is new is the share of those that were.
 * Where new ones are usual, a new one is not reported.
 */
function isRoaming(fresh: number, all: number, limits: Limits): boolean {
  return all > 0 && fresh / all > limits.roams;
}

function isUsualAgent({ baseline, access }: Look): boolean {
  return baseline.agents.some((one) => one.id === access.agent);
}

function oddHour({ baseline, access }: Look): string {
  const hour = hourOf(access.at);
  const isUsual = [hour, (hour + 1) % 24, (hour + 23) % 24].some(
    (one) => access.at - (baseline.hours[one] ?? 0) < HOURS_KEPT,
  );
  return isUsual ? '' : ', at an hour in which it is not usually read';
}

function named(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const shown = names.slice(0, 4).join(', ');
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown;
}
