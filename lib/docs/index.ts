import { manifestJsonSchema } from '../cli/manifest/schema.ts';
import { consumersTable } from './consumers.ts';
import { fillBlocks } from './blocks.ts';
import { commandsTable, globalOptions } from './commands.ts';
import { adminSecrets, providersTable } from './providers.ts';
import { alarmsTable, errorsTable, findingsTable } from './rules.ts';
import { settingsTable } from './settings.ts';
import { tagsTable } from './tags.ts';

/** The generated parts of the README, by the names of their markers. */
export const README_BLOCKS = {
  providers: providersTable,
  'admin-secrets': adminSecrets,
  tags: tagsTable,
  consumers: consumersTable,
  commands: commandsTable,
  'command-options': globalOptions,
  settings: settingsTable,
  findings: findingsTable,
  alarms: alarmsTable,
  errors: errorsTable,
} as const satisfies Record<string, () => string>;

export interface Document {
  /** Relative to the root of the repository. */
  readonly path: string;
  /** The whole text as it should be; `current` is empty for a file that is not there. Errors: one sentence. */
  readonly text: (current: string) => string;
}

/** Every file that is generated, in part or as a whole. */
export const DOCUMENTS: readonly Document[] = [
  { path: 'README.md', text: (current) => fillBlocks(current, README_BLOCKS) },
  { path: 'tokens.schema.json', text: () => `${JSON.stringify(manifestJsonSchema(), undefined, 2)}\n` },
];
