import { allCommands } from '../../cli/command-line/commands.ts';
import { COMMON_OPTIONS } from '../../cli/command-line/common-options.ts';

const COMMANDS = await allCommands();

/** Every command, and each of its options: what scripts call. */
export function commandEntries(): Record<string, string> {
  const everywhere = Object.keys(COMMON_OPTIONS).map((option): [string, string] => [
    `keyturn --${option}`,
    'option',
  ]);
  const own = COMMANDS.flatMap(({ name, options }): [string, string][] => [
    [`keyturn ${name}`, 'command'],
    ...Object.keys(options).map((option): [string, string] => [`keyturn ${name} --${option}`, 'option']),
  ]);
  return Object.fromEntries([...everywhere, ...own]);
}
