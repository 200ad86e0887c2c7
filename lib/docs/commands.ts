import { GLOBAL_OPTIONS } from '../cli/help.ts';
import { COMMANDS } from '../cli/main.ts';
import { code, sentence, table } from './markdown.ts';

export function commandsTable(): string {
  return table(['Command', 'Does'], COMMANDS.map((one) => [code(one.usage.replaceAll(' | ', '\n')), sentence(one.summary)]));
}

export function globalOptions(): string {
  return Object.entries(GLOBAL_OPTIONS).map(([name, option]) => `- ${code(`--${name}`)}: ${option.summary}`).join('\n');
}
