import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { RUNBOOK_PAGE } from '../../functions/core/findings/runbook-address.ts';
import { ownIssuerJsonSchema } from '../../functions/providers/declared/own/form.ts';
import { manifestJsonSchema } from '../cli/manifest/schema.ts';
import { consumersTable } from './consumers.ts';
import { endingBlocks } from './endings.ts';
import { conceptsTable, renamedTable } from './glossary.ts';
import { fillBlocks } from './blocks.ts';
import { commandsTable, commonOptions, exitCodesTable } from './commands.ts';
import { jsonSchemas } from './json-schemas.ts';
import { interfaceList } from './interface/list.ts';
import { issuerPage, pathOfIssuer } from './issuer-page.ts';
import { overlapPicture } from './overlap-picture.ts';
import { adminSecrets, issuersList, providersTable } from './providers.ts';
import { alarmsTable, errorsTable, findingsTable } from './rules.ts';
import { settingsTable } from './settings.ts';
import { tagsTable } from './tags.ts';

/** The pages that people read, with their generated parts by the names of their markers. */
export const PAGES = {
  'README.md': { issuers: issuersList },
  'CONTRIBUTING.md': {},
  'functions/providers/_template/README.md': {},
  'docs/alerts.md': {},
  'docs/architecture.md': {},
  'docs/comparison.md': {},
  'docs/consumers.md': { consumers: consumersTable },
  'docs/day-2.md': {},
  'docs/deploy.md': {},
  'docs/detection.md': {},
  'docs/glossary.md': { 'glossary-terms': conceptsTable, 'glossary-renamed': renamedTable },
  'docs/inventory.md': {},
  'docs/issuers.md': { providers: providersTable },
  'docs/leaks.md': {},
  'docs/limits.md': {},
  'docs/own-issuer.md': {},
  'docs/permissions.md': {},
  'docs/policies.md': {},
  'docs/safety.md': {},
  'docs/sandbox.md': {},
  'docs/scale.md': {},
  'docs/secret-format.md': {},
  'docs/testing.md': {},
  'docs/reference.md': {
    tags: tagsTable,
    settings: settingsTable,
    commands: commandsTable,
    'command-options': commonOptions,
    'exit-codes': exitCodesTable,
    'admin-secrets': adminSecrets,
    errors: errorsTable,
  },
  [RUNBOOK_PAGE]: { findings: findingsTable, alarms: alarmsTable, ...endingBlocks() },
} as const satisfies Record<string, Readonly<Record<string, () => string>>>;

export interface Document {
  /** Relative to the root of the repository. */
  readonly path: string;
  /**
   * The whole text as it should be; `current` is empty for a file that is not there. Errors: one sentence.
   */
  readonly text: (current: string) => string;
}

/** Every file that is generated, in part or as a whole. */
export const DOCUMENTS: readonly Document[] = [
  ...Object.entries(PAGES).map(([path, blocks]) => ({
    path,
    text: (current: string) => fillBlocks(current, blocks),
  })),
  ...DESCRIPTORS.map((issuer) => ({ path: pathOfIssuer(issuer.id), text: () => issuerPage(issuer) })),
  { path: 'docs/images/overlap-light.svg', text: () => overlapPicture('light') },
  { path: 'docs/images/overlap-dark.svg', text: () => overlapPicture('dark') },
  { path: 'docs/json.schema.json', text: () => `${JSON.stringify(jsonSchemas(), undefined, 2)}\n` },
  { path: 'docs/interface.json', text: () => `${JSON.stringify(interfaceList(), undefined, 2)}\n` },
  {
    path: 'own-issuer.schema.json',
    text: () => `${JSON.stringify(ownIssuerJsonSchema(), undefined, 2)}\n`,
  },
  { path: 'tokens.schema.json', text: () => `${JSON.stringify(manifestJsonSchema(), undefined, 2)}\n` },
];
