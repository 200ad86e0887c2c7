import type { CommandContext } from './command.ts';
import { CliError, EXIT } from './exit.ts';

/**
 * Has a person type a word before something that cannot be undone. Errors: {@link CliError} when nobody can
 * be asked, or another word was typed.
 */
export async function confirm(
  word: string,
  kind: string,
  context: Pick<CommandContext, 'args' | 'isTty' | 'ask'>,
): Promise<void> {
  if (context.args.has('yes')) return;
  if (!context.isTty)
    throw new CliError(
      EXIT.refused,
      'Nothing was done: there is no terminal to ask on. Add --yes to go on without a question.',
    );
  const answer = await context.ask(`Type ${kind} (${word}) to go on: `);
  if (answer.trim() !== word)
    throw new CliError(EXIT.refused, 'Nothing was done: that was not what was asked for.');
}
