import { parseDuration, type Instant } from '../../../functions/core/basics/time.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import type { CommandContext } from '../command-line/command.ts';
import { CliError, EXIT } from '../command-line/exit.ts';
import type { Sighting } from '../leak-input/sightings.ts';
import { foundInInput, foundInReport } from './scanner-reports.ts';

/** What credentials of known issuers look like, to recognise, never to refuse. */
const PATTERNS = DESCRIPTORS.flatMap(({ pattern }) => (pattern ? [pattern] : []));

/** What is said to be out. Errors: {@link CliError}, without a word of what was given. */
export async function sightingsFrom({
  args,
  readFile,
  readInput,
  isTty,
  askHidden,
}: CommandContext): Promise<Sighting[]> {
  if (args.positionals.length > 0)
    throw new CliError(
      EXIT.usage,
      'A value is never an argument: it would stay in the history of your shell and show in the list ' +
        'of processes. Report it as leaked through standard input: `pbpaste | keyturn report-leak`.',
    );
  const report = args.value('file');
  if (report !== undefined) return foundInReport(await readReport(report, readFile), report, PATTERNS);
  const input =
    (await readInput()) ?? (isTty ? await askHidden('The leaked value (not shown): ') : undefined);
  if (input === undefined)
    throw new CliError(
      EXIT.usage,
      'What leaked? Send the value through standard input, `pbpaste | keyturn report-leak`, or name ' +
        'the report of a scanner with --file FILE.',
    );
  const sightings = foundInInput(input, PATTERNS);
  if (sightings.length === 0)
    throw new CliError(EXIT.usage, 'Nothing was given: send the leaked value, one a line.');
  return sightings;
}

async function readReport(path: string, readFile: CommandContext['readFile']): Promise<string> {
  return readFile(path).catch((error: unknown) => {
    if (error instanceof CliError) throw error;
    throw new CliError(EXIT.usage, `The report ${path} cannot be read: correct its path.`, { cause: error });
  });
}

/** Since when it is exposed. Errors: {@link CliError} for what is no time. */
export function exposureFrom(text: string | undefined, now: Instant): Instant | undefined {
  if (text === undefined) return undefined;
  const length = parseDuration(text);
  const at = length === undefined ? Date.parse(text) : now - length;
  if (Number.isFinite(at) && at <= now) return at;
  throw new CliError(
    EXIT.usage,
    `--since is "${text}": write a time that is over, like 2026-01-05T08:00:00Z, or how long ago, like 3d.`,
  );
}
