import type { Finding } from '../../functions/core/findings.ts';
import type { Instant } from '../../functions/core/time.ts';
import type { Screen, Tone } from './screen.ts';
import { fromNow } from './words.ts';

const TONES = { critical: 'bad', warning: 'warn', info: 'dim' } as const satisfies Record<Finding['severity'], Tone>;

export function severityTone(severity: Finding['severity']): Tone {
  return TONES[severity];
}

/** Who has taken a finding on, and until when that counts; undefined while nobody has. */
export function takenOn({ acknowledged }: Pick<Finding, 'acknowledged'>, now: Instant): string | undefined {
  return acknowledged && `taken on by ${acknowledged.by} ${fromNow(acknowledged.at, now)}, until it gets worse or is over`;
}

/** One line for each open finding. */
export function printOpen(findings: readonly Finding[], now: Instant, out: Screen): void {
  for (const one of findings) {
    const taken = takenOn(one, now);
    out.line(`  ${one.severity} ${one.kind}, opened ${fromNow(one.openedAt, now)}${taken === undefined ? '' : `, ${taken}`}: ${one.detail}`, severityTone(one.severity));
  }
}
