import { parseArgs } from 'node:util';
import { CliError, EXIT } from './exit.ts';
import { nearest } from '../../../functions/core/basics/nearest.ts';

export interface Option {
  /** `optional` takes its value only after `=`, so that a positional argument is never taken for it. */
  readonly type: 'boolean' | 'string' | 'optional';
  readonly short?: string;
  /** What its value is, for the help. */
  readonly hint?: string;
  readonly summary: string;
}

export type Options = Readonly<Record<string, Option>>;

/** A parsed command line. */
export interface Arguments {
  readonly positionals: readonly string[];
  has(option: string): boolean;
  /** The value of an option; undefined when it was not given, or given without one. */
  value(option: string): string | undefined;
}

interface Given {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
}

/** A command line taken apart, before its command is known. */
export interface Parsed {
  readonly positionals: readonly string[];
  readonly given: readonly Given[];
}

/**
 * Takes a command line apart by the options of all commands, so that options may stand before the command.
 */
export function takeApart(args: readonly string[], options: Options): Parsed {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, settingOf(option)]),
  );
  const { tokens } = parseArgs({
    args: [...args],
    options: config,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const positionals = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const given = tokens.flatMap((token) =>
    token.kind === 'option' ? [{ name: token.name, rawName: token.rawName, value: token.value }] : [],
  );
  return { positionals, given };
}

function settingOf(option: Option): { type: 'boolean' | 'string'; short?: string } {
  return {
    type: option.type === 'string' ? 'string' : 'boolean',
    ...(option.short !== undefined && { short: option.short }),
  };
}

/**
 * Holds what was given against the options of one command. Errors: {@link CliError} naming the nearest
 * option.
 */
export function checked(parsed: Parsed, options: Options, command: string): Arguments {
  for (const one of parsed.given) checkOne(one, options, command);
  const values = new Map(parsed.given.map((one) => [one.name, one.value]));
  return {
    positionals: parsed.positionals,
    has: (name) => values.has(name),
    value: (name) => values.get(name),
  };
}

function checkOne(one: Given, options: Options, command: string): void {
  const option = new Map(Object.entries(options)).get(one.name);
  const help = `\`keyturn help${command === '' ? '' : ` ${command}`}\` lists its options.`;
  if (!option) {
    const [near] = nearest(one.name, Object.keys(options), 1);
    throw new CliError(
      EXIT.usage,
      `There is no option ${one.rawName}${near === undefined ? `: ${help}` : `: did you mean --${near}?`}`,
    );
  }
  if (option.type === 'boolean' && one.value !== undefined)
    throw new CliError(EXIT.usage, `The option ${one.rawName} takes no value: write it alone.`);
  const isMissing = option.type === 'string' && (one.value === undefined || one.value === '');
  if (isMissing)
    throw new CliError(
      EXIT.usage,
      `The option ${one.rawName} needs a value: write ${one.rawName} ${option.hint ?? 'VALUE'}.`,
    );
}
