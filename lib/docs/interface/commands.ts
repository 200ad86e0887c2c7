import { GLOBAL_OPTIONS } from '../../cli/help.ts';
import { COMMANDS } from '../../cli/main.ts';

/** Every command, and each of its options: what scripts call. */
export function commandEntries(): Record<string, string> {
  const everywhere = Object.keys(GLOBAL_OPTIONS).map((option): [string, string] => [`keyturn --${option}`, 'option']);
  const own = COMMANDS.flatMap(({ name, options }): [string, string][] => [
    [`keyturn ${name}`, 'command'],
    ...Object.keys(options).map((option): [string, string] => [`keyturn ${name} --${option}`, 'option']),
  ]);
  return Object.fromEntries([...everywhere, ...own]);
}
