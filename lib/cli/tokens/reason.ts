import type { CommandContext } from '../command-line/command.ts';
import { CliError, EXIT } from '../command-line/exit.ts';

/** As commands take it. */
const LONGEST_REASON = 500;

/** `--reason` as it was given, or as a person answers. Errors: {@link CliError}. */
export async function reasonOf({ args, isTty, ask }: CommandContext, example: string): Promise<string> {
  const given = args.value('reason') ?? (isTty && !args.has('yes') ? await ask('Why? ') : undefined);
  const reason = given?.trim();
  if (reason === undefined || reason === '')
    throw new CliError(EXIT.usage, `Say why: write --reason "${example}".`);
  if (reason.length > LONGEST_REASON)
    throw new CliError(
      EXIT.usage,
      `--reason has ${reason.length} characters: write at most ${LONGEST_REASON}.`,
    );
  return reason;
}
