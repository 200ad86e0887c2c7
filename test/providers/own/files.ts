import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OwnIssuer } from '../../../functions/providers/declared/own/form.ts';
import { faultSentence, readOwnIssuer } from '../../../functions/providers/declared/own/read-file.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** Two issuers that are shipped, as files of a user's own. */
export const OWN_FILES = {
  jupyterhub: 'examples/own-hub.yaml',
  grafana: 'test/providers/own/grafana.yaml',
} as const;

export function textOfFile(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The issuer that a file declares; what is wrong with it fails the test. */
export function issuerIn(text: string): OwnIssuer {
  const { issuer, faults = [] } = readOwnIssuer(text);
  if (issuer) return issuer;
  throw new Error(faults.map((fault) => faultSentence('the file', fault)).join('\n'));
}

export function ownIssuer(name: keyof typeof OWN_FILES): OwnIssuer {
  return issuerIn(textOfFile(OWN_FILES[name]));
}
