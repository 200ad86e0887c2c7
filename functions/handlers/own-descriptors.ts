import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { parseJson } from '../core/basics/json.ts';
import { KeyturnError } from '../core/basics/errors.ts';
import type { ProviderDescriptor } from '../core/issuer/provider-descriptor.ts';
import { once } from './cold-start.ts';
import { OWN_ISSUERS_FILE } from './own-issuers.env.ts';

const Descriptor = z.looseObject({
  id: z.string(),
  own: z.literal(true),
  slots: z.looseObject({}),
  expiry: z.looseObject({}),
  lags: z.looseObject({}),
  admin: z.looseObject({}),
});

/**
 * Synth reads the files of users and makes both from them, so that only the bundle that serves them loads
 * the rules of such a file.
 */
const Deployed = z.array(
  z.object({
    form: z.looseObject({}),
    descriptor: z.custom<ProviderDescriptor>((value) => Descriptor.safeParse(value).success),
  }),
);

/**
 * The issuers that users declare, as the bundle in a folder has them: the file of each, not checked, and its
 * facts. Error: `bad-request`.
 */
export function deployedIn(folder: string): z.output<typeof Deployed> {
  const path = join(folder, OWN_ISSUERS_FILE);
  if (!existsSync(path)) return [];
  const read = Deployed.safeParse(parseJson(readFileSync(path, 'utf8')));
  if (read.success) return read.data;
  throw notAsWritten();
}

/** For a file that another version of Keyturn wrote. */
export function notAsWritten(): KeyturnError {
  return new KeyturnError(
    'bad-request',
    `The file ${OWN_ISSUERS_FILE} of this function is not as this version writes it: deploy Keyturn again.`,
  );
}

const known = once(
  () => new Map(deployedIn(import.meta.dirname).map(({ descriptor }) => [descriptor.id, descriptor])),
);

/** The facts of an issuer that a user declares; undefined for one that is not deployed. */
export function ownDescriptor(id: string): ProviderDescriptor | undefined {
  return known().get(id);
}
