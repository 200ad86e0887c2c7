import { parseSync } from 'oxc-parser';
import type { Term } from '../../lib/docs/glossary.ts';

/** Names that are not ours to choose. */
const FOREIGN: ReadonlySet<string> = new Set(['maxOldGenerationSizeMb', 'keepAliveTimeout']);

interface Node {
  readonly type?: string;
  readonly name?: unknown;
}

/** Every node of a syntax tree, in no order. */
function* nodesOf(root: object): Generator<Node> {
  const rest = [root];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    yield node;
    for (const child of Object.values(node))
      if (typeof child === 'object' && child !== null) rest.push(child);
  }
}

function namesIn(text: string, path: string): string[] {
  const names = new Set<string>();
  for (const { type, name } of nodesOf(parseSync(path, text).program))
    if (type === 'Identifier' || type === 'PrivateIdentifier') names.add(String(name));
  return [...names].filter((name) => !FOREIGN.has(name));
}

/** The words of a name: `generationOf` has `generation` and `of`. */
function wordsOf(name: string): string[] {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/g) ?? []).map((word) => word.toLowerCase());
}

function isWhole(text: string, word: string): boolean {
  return new RegExp(`(?<![\\w-])${word.replaceAll(/[.:]/g, String.raw`\$&`)}(?![\\w-])`).test(text);
}

/** A fact, and a move of a walk, are still called so. */
const MEAN_SOMETHING_ELSE: ReadonlySet<string> = new Set(['rolled-back', 'admin-refused']);

/**
 * A finding called by a word of everyday language is told by how it is written; one with a hyphen by itself.
 */
function isCalled(text: string, word: string, isCode: boolean): boolean {
  if (word.includes('-') && !MEAN_SOMETHING_ELSE.has(word)) return isWhole(text, word);
  return isCode ? new RegExp(`\\bkind(: | === )'${word}'`).test(text) : text.includes(`\`${word}\``);
}

/**
 * Replaced words of the glossary in a file of code or in a page: ideas in names of code, the others wherever
 * they are written. In the order of the alphabet.
 */
export function retiredIn(text: string, path: string, terms: readonly Term[]): string[] {
  const isCode = path.endsWith('.ts');
  const names = isCode ? namesIn(text, path) : [];
  const found = terms.flatMap(({ kind, replaced }) =>
    replaced.flatMap((old) => {
      switch (kind) {
        case 'concept':
          return names.filter((name) => wordsOf(name).some((word) => word === old || word === `${old}s`));
        case 'finding':
        case 'error':
          return isCalled(text, old, isCode) ? [old] : [];
        case 'setting':
          return old.includes('.') && isWhole(text, old) ? [old] : [];
        case 'tag':
        case 'field':
        case 'metric':
          return isWhole(text, old) ? [old] : [];
      }
    }),
  );
  return [...new Set(found)].sort();
}
