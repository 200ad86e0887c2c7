import type { Options } from './arguments.ts';
import type { CliCommand } from './command.ts';
import { COMMON_OPTIONS } from './common-options.ts';
import { firstWords, nounsOf, type Noun } from './nouns.ts';

/** A word that can be typed, and what it does. */
export interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

/** What can be typed where. */
export interface Grammar {
  readonly first: readonly Candidate[];
  readonly nouns: readonly (Noun & { readonly candidates: readonly Candidate[] })[];
  readonly common: readonly Candidate[];
  /** Options and arguments of each command beside the common ones. */
  readonly commands: readonly {
    readonly name: string;
    readonly options: readonly Candidate[];
    readonly words: readonly string[];
    readonly takesFile: boolean;
  }[];
}

export function grammarOf(commands: readonly CliCommand[]): Grammar {
  const names = commands.map(({ name }) => name);
  const summaryOf = (name: string): string | undefined => commands.find((one) => one.name === name)?.summary;
  const first = firstWords(names);
  const nouns = nounsOf(names).map((noun) => ({
    ...noun,
    candidates: noun.verbs.map((verb) => ({ word: verb, meaning: summaryOf(`${noun.name} ${verb}`) ?? '' })),
  }));
  return {
    first: first.map((word) => ({
      word,
      meaning:
        summaryOf(word) ?? `Commands: ${nouns.find((one) => one.name === word)?.verbs.join(', ') ?? ''}`,
    })),
    nouns,
    common: optionWords(COMMON_OPTIONS),
    commands: commands.map(({ name, options, usage, words }) => ({
      name,
      options: optionWords(options),
      words: words ?? wordsOf(name, usage, first),
      takesFile: usage.startsWith('FILE'),
    })),
  };
}

function optionWords(options: Options): Candidate[] {
  return Object.entries(options).map(([name, { summary }]) => ({ word: `--${name}`, meaning: summary }));
}

/**
 * Words that stand for themselves in the usage, such as `bash|zsh|fish`; the help takes the names of
 * commands.
 */
function wordsOf(name: string, usage: string, first: readonly string[]): readonly string[] {
  if (name === 'help') return first;
  const [choice = ''] = usage.split(' ').filter((part) => part.includes('|') && !part.includes('-'));
  return choice
    .replaceAll(/[[\]]/g, '')
    .split('|')
    .filter((word) => /^[a-z]+$/.test(word));
}
