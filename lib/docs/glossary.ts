import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { code, table } from './markdown.ts';

const FILE = join(import.meta.dirname, '../../docs/glossary.json');

/** What a term names: an idea, or a word that machines compare. */
const Kind = z.enum(['concept', 'finding', 'error', 'tag', 'field', 'setting', 'metric']);

/**
 * A word of Keyturn: what it means, where it comes from, and what it replaced. Replaced words do not come
 * back.
 */
export const Term = z.strictObject({
  term: z.string().min(1),
  kind: Kind,
  meaning: z.string().min(1),
  source: z.string().min(1),
  replaced: z.array(z.string().min(1)).readonly(),
});
export type Term = z.infer<typeof Term>;

/** Every term, as `docs/glossary.json` has it. Error: the file is not as described. */
export function glossary(): readonly Term[] {
  return z.strictObject({ terms: z.array(Term) }).parse(JSON.parse(readFileSync(FILE, 'utf8'))).terms;
}

function rows(terms: readonly Term[], written: (term: string) => string): string[][] {
  return terms
    .toSorted((a, b) => (a.term < b.term ? -1 : 1))
    .map(({ term, meaning, source }) => [written(term), meaning, source]);
}

/** The words for ideas, in the order of the alphabet. */
export function conceptsTable(): string {
  const concepts = glossary().filter(({ kind }) => kind === 'concept');
  return table(
    ['Term', 'Meaning', 'Source'],
    rows(concepts, (term) => term),
  );
}

/** Words that machines compare and that were called otherwise before 0.1.0. */
export function renamedTable(): string {
  const renamed = glossary().filter(({ kind }) => kind !== 'concept');
  const lines = renamed.flatMap(({ term, kind, replaced }) =>
    replaced.map((old) => [code(old), code(term), kind]),
  );
  return table(
    ['Before', 'Now', 'What it is'],
    lines.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );
}
