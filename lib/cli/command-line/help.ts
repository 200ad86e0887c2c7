import type { Options } from './arguments.ts';
import { GROUPS, type CliCommand } from './command.ts';
import { COMMON_OPTIONS } from './common-options.ts';
import { EXIT, EXIT_MEANINGS } from './exit.ts';
import { usageLine, type Noun } from './nouns.ts';
import type { Screen } from '../output/screen.ts';

/** Help for all commands, by group. */
export function printOverview(commands: readonly CliCommand[], out: Screen): void {
  out.line(
    'keyturn: rotates the API tokens of a team, revokes old ones and checks that they no longer work.',
  );
  out.line();
  out.line('Usage: keyturn COMMAND [ARGUMENTS] [OPTIONS]');
  const width = Math.max(...commands.map(({ name }) => name.length));
  for (const group of GROUPS) {
    out.line();
    out.line(group, 'dim');
    printPairs(
      commands
        .filter((one) => one.group === group && one.name !== 'sandbox start')
        .map((one) => [one.name, inShort(one.summary)]),
      out,
      width,
    );
  }
  out.line();
  out.line('Options of every command', 'dim');
  printOptions(COMMON_OPTIONS, out);
  out.line();
  out.line('Exit codes', 'dim');
  for (const [code, meaning] of exitCodes()) out.line(`  ${String(code).padStart(3)}  ${meaning}`);
  out.line();
  out.line('`keyturn help COMMAND` says more, with examples.');
}

/** What stands before the details. */
function inShort(summary: string): string {
  return summary.split(/[;:]/)[0] ?? summary;
}

/** Every exit code with its meaning, in order. */
export function exitCodes(): (readonly [code: number, meaning: string])[] {
  return [
    [EXIT.ok, EXIT_MEANINGS.ok],
    [EXIT.failed, EXIT_MEANINGS.failed],
    [EXIT.usage, EXIT_MEANINGS.usage],
    [EXIT.refused, EXIT_MEANINGS.refused],
    [EXIT.denied, EXIT_MEANINGS.denied],
    [EXIT.found, EXIT_MEANINGS.found],
    [EXIT.interrupted, EXIT_MEANINGS.interrupted],
  ];
}

/** Help for the commands that begin with one word. */
export function printNoun(noun: Noun, commands: readonly CliCommand[], out: Screen): void {
  const some = commands.filter(({ name }) => name === noun.name || name.startsWith(`${noun.name} `));
  printPairs(
    some.map((one) => [usageLine(one), one.summary]),
    out,
  );
  out.line();
  out.line(`\`keyturn help ${noun.name} ${noun.verbs[0] ?? ''}\` says more about one of them.`);
}

/** Help for one command. */
export function printHelp(command: CliCommand, out: Screen): void {
  out.line(`${command.summary}.`);
  out.line();
  out.line(`Usage: ${usageLine(command)}`);
  if (Object.keys(command.options).length > 0) {
    out.line();
    out.line('Options', 'dim');
    printOptions(command.options, out);
  }
  out.line();
  out.line('Examples', 'dim');
  for (const [line, meaning] of command.examples) {
    out.line(`  ${line}`);
    out.line(`      ${meaning}`, 'dim');
  }
  out.line();
  out.line('`keyturn help` lists the options of every command, and the exit codes.');
}

function printOptions(options: Options, out: Screen): void {
  printPairs(
    Object.entries(options).map(([name, option]) => [optionName(name, options), option.summary]),
    out,
  );
}

function optionName(name: string, options: Options): string {
  const option = new Map(Object.entries(options)).get(name);
  const short = option?.short === undefined ? '' : `-${option.short}, `;
  if (option?.type === 'string') return `${short}--${name} ${option.hint ?? 'VALUE'}`;
  return option?.type === 'optional' ? `${short}--${name}[=${option.hint ?? 'VALUE'}]` : `${short}--${name}`;
}

function printPairs(pairs: readonly (readonly [string, string])[], out: Screen, least = 0): void {
  const width = Math.max(least, ...pairs.map(([name]) => name.length));
  for (const [name, meaning] of pairs) out.line(`  ${name.padEnd(width)}  ${meaning}`);
}
