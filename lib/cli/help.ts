import type { Options } from './arguments.ts';
import type { CliCommand } from './command.ts';
import { EXIT } from './exit.ts';
import type { Screen } from './screen.ts';

/** Options of every command. */
export const GLOBAL_OPTIONS = {
  installation: { type: 'string', hint: 'NAME', summary: 'which installation; KEYTURN_INSTALLATION, or main, unless told' },
  region: { type: 'string', hint: 'REGION', summary: 'AWS Region; as the environment or the profile says unless told' },
  profile: { type: 'string', hint: 'NAME', summary: 'AWS profile' },
  sandbox: { type: 'optional', hint: 'FOLDER', summary: 'use the sandbox running in FOLDER (.keyturn/sandbox unless told) instead of AWS' },
  help: { type: 'boolean', short: 'h', summary: 'say what a command does' },
  version: { type: 'boolean', summary: 'print the version' },
} as const satisfies Options;

/** Help for all commands. */
export function printOverview(commands: readonly CliCommand[], out: Screen): void {
  out.line('keyturn: rotates, retires and proves dead the API tokens of a team.');
  out.line();
  out.line('Usage: keyturn COMMAND [ARGUMENTS] [OPTIONS]');
  out.line();
  printPairs(commands.map((one) => [one.name, one.summary]), out);
  out.line();
  out.line('Options of every command:');
  printOptions(GLOBAL_OPTIONS, out);
  out.line();
  out.line(`Exit status: ${EXIT.ok} done, ${EXIT.failed} failed, ${EXIT.usage} wrong usage or an input that could not be read, ${EXIT.refused} not confirmed or not possible now, ${EXIT.critical} critical findings, or alerts that do not arrive (--exit-code).`);
  out.line('`keyturn help COMMAND` says more, with examples.');
}

/** Help for one command. */
export function printHelp(command: CliCommand, out: Screen): void {
  out.line(`${command.summary}.`);
  out.line();
  out.line(`Usage: ${command.usage}`);
  if (Object.keys(command.options).length > 0) {
    out.line();
    out.line('Options:');
    printOptions(command.options, out);
  }
  out.line();
  out.line('Examples:');
  for (const [line, meaning] of command.examples) {
    out.line(`  ${line}`);
    out.line(`      ${meaning}`, 'dim');
  }
}

function printOptions(options: Options, out: Screen): void {
  printPairs(Object.entries(options).map(([name, option]) => [optionName(name, options), option.summary]), out);
}

function optionName(name: string, options: Options): string {
  const option = new Map(Object.entries(options)).get(name);
  const short = option?.short === undefined ? '' : `-${option.short}, `;
  if (option?.type === 'string') return `${short}--${name} ${option.hint ?? 'VALUE'}`;
  return option?.type === 'optional' ? `${short}--${name}[=${option.hint ?? 'VALUE'}]` : `${short}--${name}`;
}

function printPairs(pairs: readonly (readonly [string, string])[], out: Screen): void {
  const width = Math.max(...pairs.map(([name]) => name.length));
  for (const [name, meaning] of pairs) out.line(`  ${name.padEnd(width)}  ${meaning}`);
}
