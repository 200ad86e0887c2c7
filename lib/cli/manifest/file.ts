import type { CommandContext } from '../command-line/command.ts';
import { CliError, EXIT } from '../command-line/exit.ts';
import { parseManifest, type ParsedManifest } from './parse.ts';

/** A manifest as it was found in its file. */
export interface ReadManifest {
  readonly path: string;
  readonly parsed: ParsedManifest;
}

/**
 * The manifest that the first argument names. Errors: {@link CliError} without one, or where it cannot be
 * read.
 */
export async function manifestOf(context: CommandContext, command: string): Promise<ReadManifest> {
  const [path] = context.args.positionals;
  if (path === undefined) throw new CliError(EXIT.usage, `Which file? Write keyturn ${command} tokens.yaml.`);
  return { path, parsed: parseManifest(await read(path, context), await context.issuers()) };
}

async function read(path: string, context: CommandContext): Promise<string> {
  try {
    return await context.readFile(path);
  } catch (error) {
    throw new CliError(EXIT.usage, `The file ${path} cannot be read: correct its name.`, { cause: error });
  }
}
