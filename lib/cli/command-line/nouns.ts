import type { CliCommand } from './command.ts';
import { CliError, EXIT } from './exit.ts';
import { suggestion } from './nearest.ts';

/** A first word that takes a second one, and what those are. */
export interface Noun {
  readonly name: string;
  /** The second words, in the order of the help. */
  readonly verbs: readonly string[];
}

/**
 * The nouns among command names such as `review list`; `sandbox`, which is a command by itself too, is one.
 */
export function nounsOf(names: readonly string[]): Noun[] {
  const pairs = names.map((name) => name.split(' ')).filter((words) => words.length === 2);
  const grouped = Map.groupBy(pairs, ([noun]) => noun ?? '');
  return [...grouped].map(([name, words]) => ({ name, verbs: words.map(([, verb]) => verb ?? '') }));
}

/** The first words that can be typed, in the order of the help. */
export function firstWords(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.split(' ')[0] ?? ''))];
}

/** How the whole command is written. */
export function usageLine({ name, usage }: Pick<CliCommand, 'name' | 'usage'>): string {
  return `keyturn ${name}${usage === '' ? '' : ` ${usage}`}`;
}

/** Why no command is meant by these words. */
export function noCommand(names: readonly string[], first: string, second: string | undefined): CliError {
  const noun = nounsOf(names).find((one) => one.name === first);
  if (!noun)
    return new CliError(
      EXIT.usage,
      'There is no command ' +
        `"${first}".${suggestion(first, firstWords(names)) || ` There are ${firstWords(names).join(', ')}.`}`,
    );
  const there = `There are ${noun.verbs.join(', ')}.`;
  if (second === undefined) return new CliError(EXIT.usage, `What about ${first}? ${there}`);
  return new CliError(
    EXIT.usage,
    `There is no \`keyturn ${first} ${second}\`.${suggestion(second, noun.verbs) || ` ${there}`}`,
  );
}
