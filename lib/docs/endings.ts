import { ENDINGS, type Ending } from '../../functions/core/endings.ts';
import { formatDuration } from '../../functions/core/time.ts';

/** How each finding ends, for its section of the runbook, by the name of its block. */
export function endingBlocks(): Record<string, () => string> {
  return Object.fromEntries(
    Object.entries(ENDINGS).map(([kind, ending]) => [`ends-${kind}`, () => endingText(ending)]),
  );
}

function endingText({ endsBy, looksEvery, who, command }: Ending): string {
  return `Ends by itself when ${endsBy}; looked at every ${formatDuration(looksEvery)}. Otherwise ${who}: \`${command.startsWith('keyturn ') ? `npx ${command}` : command}\`.`;
}
