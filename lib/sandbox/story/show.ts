import { relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Instant } from '../../../functions/core/basics/time.ts';
import { DEFAULT_FOLDER } from '../index.ts';
import type { Choice } from './choice.ts';
import type { Display, Terminal } from './display.ts';
import { invitation } from './invitation.ts';
import { interruption } from './interruption.ts';
import { reportOf } from './report.ts';
import { SHORT, WHOLE } from './script.ts';
import { tellStory, type Told } from './story.ts';

export interface Showing {
  readonly choice: Choice;
  readonly start: Instant;
  readonly display: Display;
  /** Where the report goes. */
  readonly out: Terminal;
}

/** Real time between two looks at a sandbox that runs on. */
const LOOK_EVERY = 500;

/**
 * Tells the story, and stays until it is interrupted unless it was asked to end. Resolves to the exit
 * status.
 */
export async function show({ choice, start, display, out }: Showing): Promise<number> {
  const began = performance.now();
  const { folder, port, without } = choice;
  const interrupted = interruption();
  const told = await tellStory({
    display,
    start,
    script: choice.all ? WHOLE : SHORT,
    folder,
    port,
    without,
    isVerbose: choice.verbose,
    interrupted,
  });
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  display.line(`${told.virtualDays} days in ${seconds} seconds.`);
  if (choice.json) out.write(`${JSON.stringify(reportOf(told, seconds))}\n`);
  try {
    if (!choice.once) await stay(told, display, interrupted);
  } finally {
    await told.sandbox.close();
  }
  return told.checks.every(({ held }) => held) ? 0 : 1;
}

/** Time flows as outside from now on, and other processes may move it: what happens is told. */
async function stay({ sandbox, stage }: Told, display: Display, interrupted: AbortSignal): Promise<void> {
  const stopTime = sandbox.follow(1);
  for (const { text, tone } of invitation(sandbox, flagFor(sandbox.folder))) display.line(text, tone);
  display.foot(() => `${stage.chronicle.stamp(sandbox.clock.now())}  the sandbox runs; Ctrl-C stops it`);
  while (!interrupted.aborted) {
    await stage.look();
    stage.chronicle.unfold();
    await setTimeout(LOOK_EVERY, undefined, { signal: interrupted }).catch(() => undefined);
  }
  display.end();
  await stopTime();
}

function flagFor(path: string): string {
  const folder = relative(process.cwd(), path);
  if (folder === DEFAULT_FOLDER) return '--sandbox';
  return `--sandbox=${folder.startsWith('..') ? path : folder}`;
}
