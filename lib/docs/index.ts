import { RUNBOOK_PAGE } from '../../functions/core/findings.ts';
import { manifestJsonSchema } from '../cli/manifest/schema.ts';
import { consumersTable } from './consumers.ts';
import { endingBlocks } from './endings.ts';
import { fillBlocks } from './blocks.ts';
import { commandsTable, commonOptions, exitCodesTable } from './commands.ts';
import { adminSecrets, providersTable } from './providers.ts';
import { alarmsTable, errorsTable, findingsTable } from './rules.ts';
import { settingsTable } from './settings.ts';
import { tagsTable } from './tags.ts';

/** The pages that people read, with their generated parts by the names of their markers. */
export const PAGES = {
  'README.md': { providers: providersTable },
  'docs/guide.md': { consumers: consumersTable },
  'docs/reference.md': { tags: tagsTable, settings: settingsTable, commands: commandsTable, 'command-options': commonOptions, 'exit-codes': exitCodesTable, 'admin-secrets': adminSecrets, errors: errorsTable },
  [RUNBOOK_PAGE]: { findings: findingsTable, alarms: alarmsTable, ...endingBlocks() },
} as const satisfies Record<string, Readonly<Record<string, () => string>>>;

export interface Document {
  /** Relative to the root of the repository. */
  readonly path: string;
  /** The whole text as it should be; `current` is empty for a file that is not there. Errors: one sentence. */
  readonly text: (current: string) => string;
}

/** Every file that is generated, in part or as a whole. */
export const DOCUMENTS: readonly Document[] = [
  ...Object.entries(PAGES).map(([path, blocks]) => ({ path, text: (current: string) => fillBlocks(current, blocks) })),
  { path: 'tokens.schema.json', text: () => `${JSON.stringify(manifestJsonSchema(), undefined, 2)}\n` },
];
