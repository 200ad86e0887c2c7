import { ENDINGS, type Ending } from '../../functions/core/assessment/endings.ts';
import { formatDuration } from '../../functions/core/basics/time.ts';
import { sentence } from '../cli/output/sentence.ts';

/** How each finding ends, for its section of the runbook, by the name of its block. */
export function endingBlocks(): Record<string, () => string> {
  return Object.fromEntries(
    Object.entries(ENDINGS).map(([kind, ending]) => [`ends-${kind}`, () => endingText(ending)]),
  );
}

function endingText({ endsBy, looksEvery, who, command }: Ending): string {
  const typed = command.startsWith('keyturn ') ? `npx --no ${command}` : command;
  return (
    `${sentence(endsBy)} Keyturn looks every ${formatDuration(looksEvery)}. Otherwise ${who} runs ` +
    `\`${typed}\`.`
  );
}
