import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES } from '../../lib/docs/index.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Pages whose sentences and commands are not yet as they should be. Take one off when it is. */
export const NOT_DONE: readonly string[] = [];

/** The pages that are held to every rule. */
export const DONE: readonly string[] = Object.keys(PAGES).filter((page) => !NOT_DONE.includes(page));

export function readPage(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
