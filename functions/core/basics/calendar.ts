/**
 * When a rotation may begin by windows and freezes together: the next and the last opening, and the longest
 * closure.
 */
import { DAY, SECOND, type Instant, type Millis } from './time.ts';
import { type Window, openingsFrom } from './weekly-windows.ts';
import { type Freeze, spanOfFreeze } from './freezes.ts';

/** What limits when a rotation may begin. */
export interface Calendar {
  readonly windows: readonly Window[];
  readonly freezes: readonly Freeze[];
}

/** The earliest moment at or after `at` within a window; `at` itself where there are none. */
function openFrom(windows: readonly Window[], at: Instant): Instant {
  if (windows.length === 0) return at;
  return Math.min(
    ...windows.map((window) => Math.max(openingsFrom(window, at).next().value?.from ?? Infinity, at)),
  );
}

function thawFrom(freezes: readonly Freeze[], at: Instant): Instant {
  return Math.max(
    at,
    ...freezes
      .map(spanOfFreeze)
      .filter((span) => span.from <= at && at < span.to)
      .map((span) => span.to),
  );
}

/** How often a calendar is looked through. Each look passes a freeze or reaches a window. */
const LOOKS = 400;

/**
 * The earliest moment at or after `at` at which a rotation may begin; undefined when windows and freezes
 * leave none that can be seen.
 */
export function nextOpening({ windows, freezes }: Calendar, at: Instant): Instant | undefined {
  let found = at;
  for (let look = 0; look < LOOKS; look++) {
    const open = openFrom(windows, found);
    const thawed = thawFrom(freezes, open);
    if (thawed === open) return open;
    found = thawed;
  }
  return undefined;
}

/** The latest open moment at or before `at`; undefined when there is none that can be seen. */
export function lastOpening({ windows, freezes }: Calendar, at: Instant): Instant | undefined {
  let found = at;
  for (let look = 0; look < LOOKS; look++) {
    const open = openUntil(windows, found);
    const before = Math.min(
      open,
      ...freezes
        .map(spanOfFreeze)
        .filter((span) => span.from <= open && open < span.to)
        .map((span) => span.from - SECOND),
    );
    if (before === open) return open;
    found = before;
  }
  return undefined;
}

/**
 * The first moment at or after `at` that lies in none of the windows, for windows that say when not.
 * Undefined when they leave none that can be seen.
 */
export function closedUntil(windows: readonly Window[], at: Instant): Instant | undefined {
  let found = at;
  for (let look = 0; look < LOOKS; look++) {
    const covering = windows
      .flatMap((window) => [...openingsFrom(window, found)])
      .filter((span) => span.from <= found);
    if (covering.length === 0) return found;
    found = Math.max(...covering.map((span) => span.to));
  }
  return undefined;
}

/** The latest moment at or before `at` within a window; `at` itself where there are none. */
function openUntil(windows: readonly Window[], at: Instant): Instant {
  if (windows.length === 0) return at;
  const spans = windows.flatMap((window) =>
    [...openingsFrom(window, at - 8 * DAY)].filter((span) => span.from <= at),
  );
  return Math.max(...spans.map((span) => Math.min(at, span.to - SECOND)));
}

/** Whether a rotation may begin at a moment. */
export function isOpen(calendar: Calendar, at: Instant): boolean {
  return nextOpening(calendar, at) === at;
}

/** Any week will do: windows repeat every week. */
const SOME_WEEK = Date.UTC(2026, 5, 1);

/** How long a calendar stays closed at the longest; infinite when it never opens. */
export function longestClosed(calendar: Calendar): Millis {
  const weekly = calendar.windows.flatMap((window) =>
    [...openingsFrom(window, SOME_WEEK)].map((span) => span.to),
  );
  const frozen = calendar.freezes.map((freeze) => spanOfFreeze(freeze).from);
  const closed = [
    ...weekly.map((at) => closedFor({ ...calendar, freezes: [] }, at)),
    ...frozen.map((at) => closedFor(calendar, at)),
  ];
  return Math.max(0, ...closed);
}

function closedFor(calendar: Calendar, at: Instant): Millis {
  return (nextOpening(calendar, at) ?? Infinity) - at;
}
