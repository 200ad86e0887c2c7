import * as z from 'zod';
import { KeyturnError } from '../core/basics/errors.ts';
import { OwnIssuer } from '../providers/declared/own/form.ts';
import { once } from './cold-start.ts';
import { deployedIn, notAsWritten } from './own-descriptors.ts';

/** The issuers that users declare, as the bundle in a folder has them. Error: `bad-request`. */
export function ownIssuersIn(folder: string): readonly OwnIssuer[] {
  const read = z.array(OwnIssuer).safeParse(deployedIn(folder).map(({ form }) => form));
  if (read.success) return read.data;
  throw notAsWritten();
}

const here = once(() => ownIssuersIn(import.meta.dirname));

/** The issuer of this id. Error: `provider-unknown`. */
export function ownIssuerNamed(id: string, issuers: readonly OwnIssuer[] = here()): OwnIssuer {
  const found = issuers.find((one) => one.id === id);
  if (found) return found;
  throw new KeyturnError('provider-unknown', `This function does not serve the issuer ${id}.`);
}
