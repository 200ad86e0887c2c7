import * as z from 'zod';
import type { Observation } from '../findings/findings.ts';
import { HOUR, MINUTE, formatInstant, type Instant } from '../basics/time.ts';
import { kept } from '../basics/record.ts';

/** What tells whether the trail still shows what happens. Lost, it is known again within hours. */
export const TrailWatch = kept({
  /** When the latest read happened that the trail showed. */
  seenAt: z.number().optional(),
  /** When Keyturn itself first read a secret that the trail has not shown. */
  unseenSince: z.number().optional(),
});
export type TrailWatch = z.infer<typeof TrailWatch>;

interface Watching {
  readonly trail?: TrailWatch | undefined;
}

/** Reads are noted no oftener. */
const NOTED_EVERY = 30 * MINUTE;
/**
 * Until then a read may be on its way: CloudTrail takes about five minutes, and no time is promised (AWS
 * CloudTrail User Guide, "How CloudTrail works").
 */
const ON_ITS_WAY = 90 * MINUTE;
/** A read that the trail has not shown for so long was not shown. */
const SILENT_AFTER = 3 * HOUR;
/** A read is noted after it happened. */
const SLACK = 5 * MINUTE;

/** Begins or ends the watch, as the settings say. */
export function watchingTrail<T extends Watching>(record: T, isOn: boolean): T {
  if (isOn === (record.trail !== undefined)) return record;
  return { ...record, trail: isOn ? {} : undefined };
}

/** Keyturn itself has read a secret now: a trail that works shows it. */
export function ownRead<T extends Watching>(record: T, now: Instant): T {
  const { trail } = record;
  if (
    trail === undefined ||
    trail.unseenSince !== undefined ||
    now - (trail.seenAt ?? -Infinity) < ON_ITS_WAY
  )
    return record;
  return { ...record, trail: { ...trail, unseenSince: now } };
}

/** The trail has shown a read, whoever's it was. */
export function trailShowed<T extends Watching>(record: T, readAt: Instant): T {
  const { trail } = record;
  if (trail === undefined || readAt <= (trail.seenAt ?? -Infinity)) return record;
  const isShown = trail.unseenSince !== undefined && readAt >= trail.unseenSince - SLACK;
  if (!isShown && readAt - (trail.seenAt ?? -Infinity) < NOTED_EVERY) return record;
  return { ...record, trail: { seenAt: readAt, unseenSince: isShown ? undefined : trail.unseenSince } };
}

/**
 * That reads of Keyturn's own, which it makes every hour, are not shown is a sure sign; that there are no
 * other reads is none.
 */
export function silenceOf({ trail }: Watching, now: Instant): Observation | undefined {
  if (trail?.unseenSince === undefined || now - trail.unseenSince < SILENT_AFTER) return undefined;
  const last =
    trail.seenAt === undefined
      ? 'It has never shown one'
      : `The last one that it showed was at ${formatInstant(trail.seenAt)}`;
  return {
    kind: 'cloudtrail-events-missing',
    severity: 'warning',
    detail:
      'The trail does not show reads of secrets: Keyturn itself read one at ' +
      `${formatInstant(trail.unseenSince)}, and no event of a read has come since. ${last}.`,
  };
}
