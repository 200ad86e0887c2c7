import { liveCredentials } from '../../../functions/core/token/known-credentials.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { CommandContext } from '../command-line/command.ts';
import { CliError, EXIT } from '../command-line/exit.ts';
import { suggestion } from '../command-line/nearest.ts';
import { nameOf } from './rollback.ts';

/**
 * What a command line names after the token. `deed`: what becomes of the credential, such as "forgotten".
 * Error: {@link CliError} where nothing stands there.
 */
export function credentialText({ args }: CommandContext, token: Token, deed: string): string {
  const text = args.positionals[1];
  if (text !== undefined) return text;
  throw new CliError(
    EXIT.usage,
    `Name the credential that is to be ${deed}: \`keyturn show ${token.name}\` lists them.`,
  );
}

/** A credential on record by its whole id or handle. Errors: {@link CliError} with what there is. */
export function namedCredential(token: Token, text: string): Credential {
  const live = liveCredentials(token);
  const exact = token.credentials.filter((one) => one.id === text || one.handle === text);
  const [only] = exact;
  if (!only) {
    const hint =
      suggestion(text, live.flatMap(namesOf)) || ` It has ${live.map(nameOf).join(', ') || 'none'}.`;
    throw new CliError(
      EXIT.usage,
      `${token.name} has no credential "${text}" on record: write its whole id or handle.${hint}`,
    );
  }
  if (exact.length > 1)
    throw new CliError(
      EXIT.usage,
      `"${text}" is the handle of several credentials of ${token.name}: write the id of one, ` +
        `${exact.map((one) => one.id).join(' or ')}.`,
    );
  return only;
}

function namesOf({ id, handle }: Credential): string[] {
  return handle === undefined ? [id] : [handle, id];
}
