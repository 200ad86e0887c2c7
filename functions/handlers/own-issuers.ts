import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { parseJson } from '../core/basics/json.ts';
import { KeyturnError } from '../core/basics/errors.ts';
import type { ProviderDescriptor } from '../core/issuer/provider-descriptor.ts';
import { descriptorOf } from '../providers/declared/own/descriptor-of.ts';
import { OwnIssuer } from '../providers/declared/own/form.ts';
import { once } from './cold-start.ts';
import { OWN_ISSUERS_FILE } from './own-issuers.env.ts';

/** The issuers that users declare, as the bundle in a folder has them. Error: `bad-request`. */
export function ownIssuersIn(folder: string): readonly OwnIssuer[] {
  const path = join(folder, OWN_ISSUERS_FILE);
  if (!existsSync(path)) return [];
  const read = z.array(OwnIssuer).safeParse(parseJson(readFileSync(path, 'utf8')));
  if (read.success) return read.data;
  throw new KeyturnError(
    'bad-request',
    `The file ${OWN_ISSUERS_FILE} of this function is not as this version writes it: deploy Keyturn again.`,
  );
}

const here = once(() => ownIssuersIn(import.meta.dirname));

/** The facts of an issuer that a user declares; undefined for one that is not deployed. */
export const ownDescriptor: (id: string) => ProviderDescriptor | undefined = (() => {
  const known = once(() => new Map(here().map((form) => [form.id, descriptorOf(form)])));
  return (id) => known().get(id);
})();

/** The issuer of this id. Error: `provider-unknown`. */
export function ownIssuerNamed(id: string, issuers: readonly OwnIssuer[] = here()): OwnIssuer {
  const found = issuers.find((one) => one.id === id);
  if (found) return found;
  throw new KeyturnError('provider-unknown', `This function does not serve the issuer ${id}.`);
}
