import type { OwnIssuer } from '../../../functions/providers/declared/own/form.ts';
import {
  faultSentence,
  readOwnIssuer,
  type ReadFile,
} from '../../../functions/providers/declared/own/read-file.ts';
import { CliError, EXIT } from '../command-line/exit.ts';

type Read = (path: string) => Promise<string>;

/** What a file declares, or all that is wrong with it. Error: {@link CliError} where it cannot be read. */
export async function readIssuerFile(file: string, readFile: Read): Promise<ReadFile> {
  const text = await readFile(file).catch((error: unknown) => {
    if (error instanceof CliError) throw error;
    throw new CliError(EXIT.usage, `The file ${file} cannot be read: correct its name.`, { cause: error });
  });
  return readOwnIssuer(text);
}

/** The issuer that a file declares. Error: {@link CliError} with the first thing that is wrong. */
export async function ownIssuerIn(file: string, readFile: Read): Promise<OwnIssuer> {
  const { issuer, faults } = await readIssuerFile(file, readFile);
  if (issuer) return issuer;
  throw new CliError(EXIT.usage, faultSentence(file, faults[0]));
}
