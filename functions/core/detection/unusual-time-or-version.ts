/**
 * Whether a read is unusual for when, how often and what is read: after long silence, in a burst, a
 * noncurrent version.
 */
import type { Severity } from '../findings/findings.ts';
import { HOUR, formatDuration, formatInstant } from '../basics/time.ts';
import { STAYS, seenFrom, type Unusual } from './anomaly.ts';
import { burstAt, countOf, usualMost } from './read-rate.ts';
import type { Look } from './unusual-reader.ts';

/** The first read after a silence that is unusually long. */
export function readAfterSilenceIn({
  token,
  baseline,
  access,
  limits,
  isLearning,
}: Look): Unusual | undefined {
  const silence = access.at - baseline.lastAt;
  if (isLearning || silence < Math.max(limits.silence, 1.5 * baseline.silence)) return undefined;
  const longest = formatDuration(Math.round(baseline.silence / HOUR) * HOUR);
  const detail =
    `${access.principal} read it ${seenFrom(access)}, ` +
    `the first read since ${formatInstant(baseline.lastAt)}; ` +
    `the longest silence before was ${longest}.`;
  return {
    kind: 'dormant-token-read',
    subject: '',
    severity: token.policy.sensitivity === 'high' ? 'warning' : 'info',
    until: access.at + STAYS.wake,
    detail,
    sight: access,
  };
}

/** A read of a version that is retired, or of a rotation that is not over. */
export function noncurrentReadIn({ access, read, reader }: Look): Unusual | undefined {
  if (read.age !== 'retired' && read.age !== 'pending') return undefined;
  const what = read.age === 'retired' ? 'a retired version' : 'the version of a rotation that is not over';
  const version = access.versionId ?? access.stage ?? '';
  const severity: Severity = read.age === 'retired' && reader?.known !== true ? 'critical' : 'warning';
  return {
    kind: 'noncurrent-version-read',
    subject: access.principal,
    severity,
    until: access.at + STAYS.stale,
    detail:
      `${access.principal} read ${what} (${version.slice(0, 64)}) ${seenFrom(access)}; ` +
      'consumers read AWSCURRENT.',
    sight: access,
  };
}

/** More reads in an hour than is usual. */
export function burstIn({ baseline, access, limits, isLearning }: Look): Unusual | undefined {
  const usual = usualMost(baseline.rate);
  const count = countOf(baseline.rate, access.at) + 1;
  const most = burstAt(baseline.rate, limits.burst);
  if (isLearning || usual === undefined || count < most) return undefined;
  const hour = Math.floor(access.at / HOUR) * HOUR;
  const detail =
    `It was read ${Math.ceil(most)} times or more in the hour from ${formatInstant(hour)}, ` +
    `lately by ${access.principal}; in 99 of 100 hours it is read at most ${usual} times.`;
  return { kind: 'read-volume-unusual', subject: '', severity: 'warning', until: hour + STAYS.burst, detail };
}
