import type { Instant } from '../basics/time.ts';
import type { Reader as Witness } from '../delivery/signs.ts';
import type { Token } from '../token/token.ts';
import type { Access } from './access.ts';
import type { Baseline } from './baseline.ts';

/**
 * Which principal read a token last when, from where, and which version. Weak evidence: it tells of reads,
 * not of use.
 */
export interface Reading {
  readonly principal: string;
  /** The role behind a function. */
  readonly role: string | undefined;
  readonly at: Instant;
  readonly network: string;
  /** Undefined where the record could not tell. */
  readonly version: string | undefined;
  /** False for a principal that stands out and was not accepted. */
  readonly isKnown: boolean;
}

/** The readers of a token, the latest first. */
export function readingsOf(baseline: Baseline): Reading[] {
  const readings = baseline.readers.map((one) => ({
    principal: one.id,
    role: one.role,
    at: one.lastAt,
    network: one.network,
    version: one.version,
    isKnown: one.known,
  }));
  return readings.sort((a, b) => b.at - a.at || (a.principal < b.principal ? -1 : 1));
}

/**
 * The same in the words of evidence: by ARN, in the account and partition of the token's secret, and only
 * those that are not unusual.
 */
export function witnessesOf(readings: readonly Reading[], secretArn: string): Witness[] {
  const [, partition = 'aws', , , account = ''] = secretArn.split(':');
  return readings
    .filter((one) => one.isKnown)
    .map((one) => {
      const [, foreign, name] = /^(?:(\d{12}):)?(.*)$/.exec(one.role ?? one.principal) ?? [];
      return {
        principal: `arn:${partition}:iam::${foreign ?? account}:${name ?? ''}`,
        readAt: one.at,
        from: one.network,
        ...(one.version === undefined ? {} : { versionId: one.version }),
      };
    });
}

/** What a read is of: the version, and whether somebody has business with it. */
export interface VersionRead {
  readonly version: string | undefined;
  readonly age: 'current' | 'old' | 'retired' | 'pending' | 'unknown';
}

/** Which version a read gave out, from what the caller named and the record knows: events do not say it. */
export function versionRead(
  token: Pick<Token, 'credentials' | 'attempts'>,
  read: Pick<Access, 'at' | 'versionId' | 'stage'>,
): VersionRead {
  if (read.versionId !== undefined)
    return { version: read.versionId, age: ageOf(token, read.versionId, read.at) };
  if (read.stage === 'AWSPENDING')
    return {
      version: token.attempts.find((one) => one.state === 'open' || one.state === 'promoting')?.id,
      age: 'pending',
    };
  if (read.stage?.startsWith('keyturn-pin-')) return { version: undefined, age: 'retired' };
  const promoted = token.credentials
    .filter((one) => one.promotedAt !== undefined && one.promotedAt <= read.at)
    .sort((a, b) => (b.promotedAt ?? 0) - (a.promotedAt ?? 0));
  if (read.stage !== 'AWSPREVIOUS') return { version: promoted[0]?.versionId, age: 'current' };
  const previous = promoted[1]?.id;
  return previous === undefined
    ? { version: undefined, age: 'unknown' }
    : { version: previous, age: ageOf(token, previous, read.at) };
}

/** How old a version was when it was read: an event may tell of a time before it was retired. */
function ageOf(
  token: Pick<Token, 'credentials' | 'attempts'>,
  version: string,
  at: Instant,
): VersionRead['age'] {
  const held = token.credentials.find((one) => one.versionId === version);
  switch (held?.state) {
    case 'current':
      return 'current';
    case 'previous':
    case 'rolling-back':
      return 'old';
    case 'revoking':
    case 'ended':
      return at < (held.revocationBegunAt ?? held.endedAt ?? 0) ? 'old' : 'retired';
    case undefined:
      return token.attempts.some(
        (one) => one.id === version && one.state !== 'promoted' && one.state !== 'aborted',
      )
        ? 'pending'
        : 'unknown';
  }
}
