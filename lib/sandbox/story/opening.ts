import { DAY, formatInstant, HOUR, type Instant } from '../../../functions/core/basics/time.ts';
import type { OnStep } from '../runtime/steps.ts';
import type { Display } from './display.ts';
import type { Safety } from './safeties.ts';

type Shown = Pick<Display, 'line' | 'progress'>;

/** Eight in the morning, UTC, of the day it is. */
export function morning(): Instant {
  return Math.floor(Date.now() / DAY) * DAY + 8 * HOUR;
}

/** What is shown first. */
export function prologue(
  display: Shown,
  { start, without }: { readonly start: Instant; readonly without: Safety | undefined },
): void {
  display.line(
    'Keyturn, on this machine: the stack that `cdk deploy` deploys, in a simulated AWS.',
    'strong',
  );
  display.line('GitLab and Okta are simulated; the npm registry is a real one (Verdaccio).');
  display.line(`Time is simulated too, and begins at ${formatInstant(start)}.`);
  if (without !== undefined)
    display.line(
      `The owners have taken ${without} out of every policy by their tags: this is meant to go wrong.`,
      'warning',
    );
  display.line();
}

/** Shows the steps of a start: what goes on, and what each came to, with the seconds that it took. */
export function stepsOn(display: Shown, now: () => number): OnStep {
  const open = new Map<string, number>();
  const goesOn = (): string | undefined => {
    const [name, began] = [...open].at(-1) ?? [];
    return name === undefined ? undefined : `  ${name} … ${Math.round((now() - (began ?? 0)) / 1_000)} s`;
  };
  return ({ name, result, seconds }) => {
    if (result === undefined) open.set(name, now());
    else {
      open.delete(name);
      display.line(`${seconds.toFixed(1).padStart(6)} s  ${result}`, 'dim');
    }
    display.progress(open.size === 0 ? undefined : () => goesOn() ?? '');
  };
}
