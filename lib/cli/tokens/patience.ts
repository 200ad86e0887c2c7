import { MINUTE, parseDuration, type Millis } from '../../../functions/core/basics/time.ts';
import type { CommandContext } from '../command-line/command.ts';
import { CliError, EXIT } from '../command-line/exit.ts';

const USUAL_PATIENCE = 15 * MINUTE;

/** How long to wait. Errors: {@link CliError}. */
export function patienceOf({ args }: Pick<CommandContext, 'args'>): Millis {
  const text = args.value('timeout');
  if (text === undefined) return USUAL_PATIENCE;
  const length = parseDuration(text);
  if (length === undefined || length === 0)
    throw new CliError(EXIT.usage, `--timeout is "${text}": write a length of time like 90s, 5m or 1h.`);
  return length;
}
