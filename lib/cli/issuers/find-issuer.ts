import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { CliError, EXIT } from '../command-line/exit.ts';
import { suggestion } from '../command-line/nearest.ts';

/** The ids of all issuers that this version has. */
export const ISSUER_IDS: readonly string[] = DESCRIPTORS.map(({ id }) => id);

/** The issuer of this id. Error: a CliError that names the nearest ids, where there is none. */
export function issuerNamed(
  id: string | undefined,
  known: readonly ProviderDescriptor[],
): ProviderDescriptor {
  if (id === undefined)
    throw new CliError(EXIT.usage, 'Which issuer? Write its id: `keyturn issuer list` prints all of them.');
  const found = known.find((one) => one.id === id);
  if (found) return found;
  throw new CliError(
    EXIT.usage,
    `There is no issuer "${id}".` +
      (suggestion(
        id,
        known.map((one) => one.id),
      ) || ' `keyturn issuer list` prints all of them.'),
  );
}
