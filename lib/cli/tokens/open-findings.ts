import type { Finding } from '../../../functions/core/findings/findings.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';
import { actorText } from './actor.ts';
import { endingCommand, type FindingAbout } from '../output/finding-view.ts';
import type { Screen, Tone } from '../output/screen.ts';
import { indented } from '../output/tables.ts';
import { fromNow } from '../output/words.ts';

const TONES = { critical: 'bad', warning: 'warn', info: 'dim' } as const satisfies Record<
  Finding['severity'],
  Tone
>;

export function severityTone(severity: Finding['severity']): Tone {
  return TONES[severity];
}

/** Who acknowledged a finding, and until when that counts; undefined while it is not acknowledged. */
export function takenOn({ acknowledged }: Pick<Finding, 'acknowledged'>, now: Instant): string | undefined {
  return (
    acknowledged &&
    `acknowledged by ${actorText(acknowledged.by)} ${fromNow(acknowledged.at, now)}, until it gets ` +
      'worse or is over'
  );
}

/**
 * Each open finding, with its sentence under it, and the command that ends it: on one line, so that it can be
 * copied.
 */
export function printOpen(
  findings: readonly Finding[],
  about: FindingAbout,
  { now, out }: { readonly now: Instant; readonly out: Screen },
): void {
  for (const one of findings) {
    const taken = takenOn(one, now);
    out.line(
      `  ${one.severity.padEnd(8)}  ${one.kind}  opened ${fromNow(one.openedAt, now)}`,
      severityTone(one.severity),
    );
    indented(one.detail, out, { tone: severityTone(one.severity) });
    if (taken !== undefined) indented(taken, out, { tone: 'dim' });
    const command = endingCommand(one, about);
    if (command !== undefined) out.line(`    then: ${command}`, 'dim');
  }
}
