import { DAY, HOUR, MINUTE, type Millis } from '../../functions/core/basics/time.ts';
import { carryOut } from './carry-out.ts';
import { Judge, judgeEnding } from './judge/index.ts';
import { isKnown } from './known.ts';
import type { Walk } from './moves.ts';
import { heal } from './people/issuer.ts';
import { Fleet, type Wrap } from './fleet.ts';

/** How a walk went. */
export interface Played {
  /** What did not hold; nothing when all did. The first word of each is the name of the predicate. */
  readonly violations: readonly string[];
  /** Moves that were made. */
  readonly steps: number;
  readonly story: readonly string[];
  /** What another installation lost, of the kinds that Limits name. */
  readonly limits: readonly string[];
  /** What is known to go wrong. */
  readonly known: readonly string[];
}

/**
 * When everything is well again, two days are enough for the longest wait, an inspection and a rotation; the
 * third is for what these begin.
 */
const AFTERMATH: Millis = 3 * DAY;

/** Walks, looks after each move and at every hour, and once more when everything has been well for days. */
export async function play(walk: Walk, wrap?: Wrap): Promise<Played> {
  const fleet = new Fleet(
    walk.setup,
    (ending, where) => void where.clock.activity(() => judgeEnding(ending, where)),
    wrap,
  );
  const judge = new Judge(fleet);
  const known = new Set<string>();
  const look = unknownOf(known);
  await fleet.open();
  let steps = 0;
  for (const move of walk.moves) {
    fleet.tell(JSON.stringify(move));
    steps++;
    if (move.kind === 'wait') await fleet.clock.quiet();
    else await carryOut(fleet, move);
    const violations =
      move.kind === 'wait'
        ? await wait(fleet, async () => look(await judge.look()), move.minutes * MINUTE)
        : look(await judge.look());
    if (violations.length > 0) return told({ fleet, steps, known }, violations);
  }
  const leaked = look(await judge.leaks());
  if (leaked.length > 0) return told({ fleet, steps, known }, leaked);
  await heal(fleet);
  fleet.tell('everything is well from here on');
  const late = await wait(fleet, async () => look(await judge.look()), AFTERMATH);
  return told({ fleet, steps, known }, late.length > 0 ? late : look(await judge.lookAtEnd()));
}

/** Leaves out what is known, and notes it. */
function unknownOf(known: Set<string>): (violations: readonly string[]) => string[] {
  return (violations) => {
    for (const one of violations) if (isKnown(one)) known.add(one);
    return violations.filter((one) => !isKnown(one));
  };
}

async function wait(fleet: Fleet, look: () => Promise<string[]>, length: Millis): Promise<string[]> {
  const end = fleet.clock.now() + length;
  while (fleet.clock.now() < end) {
    await fleet.clock.advanceTo(Math.min(end, fleet.clock.now() + HOUR));
    const violations = await look();
    if (violations.length > 0) return violations;
  }
  return [];
}

function told(
  { fleet, steps, known }: { fleet: Fleet; steps: number; known: ReadonlySet<string> },
  violations: readonly string[],
): Played {
  if (violations.length > 0) fleet.tell(violations.join('; '));
  return {
    violations: [...new Set(violations)],
    steps,
    story: fleet.story,
    limits: fleet.limits,
    known: [...known],
  };
}
