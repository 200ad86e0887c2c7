import type { CliCommand } from '../../lib/cli/command-line/command.ts';
import { COMMON_OPTIONS } from '../../lib/cli/command-line/common-options.ts';

/**
 * A command as a text names it: the words behind `keyturn`, up to the end of what a shell would take as one
 * command.
 */
export interface Mention {
  readonly line: string;
  readonly words: readonly string[];
}

/** Where a command ends in a line of shell, or what may follow it begins. */
const END = /[`;|<>#()[]|&&|\s{2,}|$/;

/**
 * Every command that a text names: in code spans, in blocks of code, and in string literals of source, which
 * have backticks too.
 */
export function mentionsIn(text: string): Mention[] {
  return text
    .split('\n')
    .flatMap((line) =>
      [...line.matchAll(/(?:^\s*|[`|$] ?|&& )(?:npx (?:--no )?)?keyturn ([a-z-][^\n]*)/g)].map(
        ([, rest = '']) => ({ line: line.trim(), words: wordsOf(rest) }),
      ),
    );
}

function wordsOf(rest: string): string[] {
  const [command = ''] = rest
    .replaceAll('\\', '')
    .replaceAll(/\$\{[^}]*\}/g, 'X')
    .split(END);
  return [...command.matchAll(/"[^"]*"|\S+/g)]
    .map(([word]) => word.replaceAll(/[.,:'"\]]+$/g, ''))
    .filter((word) => word !== '');
}

/**
 * What is wrong with a mention: a command or an option that is not there, or more arguments than it takes.
 */
export function faultsOf({ line, words }: Mention, commands: readonly CliCommand[]): string[] {
  const known = { ...COMMON_OPTIONS };
  const bare = words.filter((word, index) => !word.startsWith('-') && !isValueOf(words[index - 1], commands));
  const name = [bare.slice(0, 2).join(' '), bare[0] ?? ''].find((one) =>
    commands.some((command) => command.name === one),
  );
  const command = commands.find((one) => one.name === name);
  if (bare.length === 0 || /X/.test(bare[0] ?? '')) return [];
  if (!command || name === undefined) return [`there is no command "${words.join(' ')}": ${line}`];
  const options = new Set([...Object.keys(known), ...Object.keys(command.options)]);
  const flags = words
    .filter((word) => word.startsWith('--'))
    .map((word) => word.slice(2).split('=')[0] ?? '');
  const unknown = flags
    .filter((flag) => flag !== '' && !options.has(flag))
    .map((flag) => `${name} has no option --${flag}: ${line}`);
  const given = bare.slice(name.split(' ').length);
  return given.length > command.takes
    ? [...unknown, `${name} takes ${command.takes} arguments: ${line}`]
    : unknown;
}

function isValueOf(before: string | undefined, commands: readonly CliCommand[]): boolean {
  if (before === undefined || !before.startsWith('--')) return false;
  return [COMMON_OPTIONS, ...commands.map(({ options }) => options)].some(
    (options) => new Map(Object.entries(options)).get(before.slice(2))?.type === 'string',
  );
}
