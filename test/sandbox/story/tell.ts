import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportOf, type Report } from '../../../lib/sandbox/story/report.ts';
import { morning } from '../../../lib/sandbox/story/opening.ts';
import type { Safety } from '../../../lib/sandbox/story/safeties.ts';
import type { Script } from '../../../lib/sandbox/story/script.ts';
import { tellStory } from '../../../lib/sandbox/story/story.ts';

/** What became of a story that was told. */
export interface Outcome {
  readonly report: Report;
  /** The consumers that were refused. */
  readonly failed: string[];
  readonly lines: string[];
}

/** Tells a story, with a safety left out where one is named, and closes its sandbox. */
export async function tell(script: Script, without?: Safety): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-story-'));
  const lines: string[] = [];
  const told = await tellStory({
    display: { line: (...said) => void lines.push(said[0] ?? ''), progress: () => undefined },
    start: morning(),
    script,
    folder,
    without,
  });
  await told.sandbox.close();
  rmSync(folder, { recursive: true });
  const failed = told.evidence.calls.filter(({ failures }) => failures > 0).map(({ agent }) => agent);
  return { report: reportOf(told, 0), failed, lines };
}

/** The promises that were not held. */
export function broken({ promises }: Report): string[] {
  return promises.filter(({ held }) => !held).map(({ name }) => name);
}
