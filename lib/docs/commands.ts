import { GROUPS } from '../cli/command-line/command.ts';
import { allCommands } from '../cli/command-line/commands.ts';
import { COMMON_OPTIONS } from '../cli/command-line/common-options.ts';
import { exitCodes } from '../cli/command-line/help.ts';
import { usageLine } from '../cli/command-line/nouns.ts';
import { sentence } from '../cli/output/sentence.ts';
import { code, table } from './markdown.ts';

const COMMANDS = await allCommands();

/** Every command by its group. `sandbox start` stands for `sandbox` too. */
export function commandsTable(): string {
  const rows = GROUPS.flatMap((group) =>
    COMMANDS.filter((one) => one.group === group && one.name !== 'sandbox').map((one) => [
      group,
      code(usageLine(one)),
      sentence(one.summary),
    ]),
  );
  return table(['Group', 'Command', 'Does'], rows);
}

export function commonOptions(): string {
  return Object.entries(COMMON_OPTIONS)
    .map(([name, option]) => `- ${code(`--${name}`)}: ${option.summary}`)
    .join('\n');
}

export function exitCodesTable(): string {
  return table(
    ['Exit code', 'When'],
    exitCodes().map(([number, meaning]) => [String(number), sentence(meaning)]),
  );
}
