import type { Reading } from '../../functions/core/detection/readers.ts';
import { currentOf, type Token } from '../../functions/core/token.ts';
import type { CliCommand, CommandContext } from './command.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { namedToken } from './find-token.ts';
import type { Cell, Column } from './screen.ts';
import { iso, type Iso } from './views.ts';
import { briefly } from './words.ts';

export const readers: CliCommand = {
  name: 'readers',
  effect: 'reads',
  summary: 'Who reads a token, from where, when last, and whether it was the current credential; needs a trail',
  usage: 'keyturn readers TOKEN [--json]',
  examples: [['keyturn readers prod/billing/gitlab', 'the latest reader first']],
  options: { json: { type: 'boolean', summary: 'print one object' } },
  takes: 1,
  run,
};

/** One reader, as `--json` prints it. */
export interface ReaderView {
  readonly principal: string;
  readonly network: string;
  readonly lastReadAt: Iso;
  /** `unknown` where the record could not tell which version it was. */
  readonly credential: 'current' | 'older' | 'unknown';
  /** False for one that stands out and was not accepted. */
  readonly known: boolean;
}

const COLUMNS: readonly Column[] = [{ title: 'READER', shrinks: true }, { title: 'LAST READ' }, { title: 'CREDENTIAL' }, { title: 'FROM', shrinks: true }, { title: 'KNOWN' }];

async function run({ args, out, ...context }: CommandContext): Promise<ExitCode> {
  const ports = await context.ports();
  const token = await namedToken({ args, out, ...context }, ports);
  const readings = await ports.inventory.readers(token.id);
  const now = await ports.now();
  if (args.has('json')) out.json({ id: token.id, name: token.name, readers: readings.map((one) => viewOf(one, token)) });
  else if (readings.length === 0) out.line(`Nobody but Keyturn was seen to read ${token.name}. Reads are seen with a trail only: see the setting detection.trail.`);
  else out.table(COLUMNS, readings.map((one) => rowOf(viewOf(one, token), now - one.at)));
  return EXIT.ok;
}

function viewOf({ principal, network, at, version, isKnown }: Reading, token: Token): ReaderView {
  const credential = version === undefined ? 'unknown' : version === currentOf(token)?.versionId ? 'current' : 'older';
  return { principal, network, lastReadAt: iso(at), credential, known: isKnown };
}

function rowOf(view: ReaderView, since: number): Cell[] {
  const tone = view.credential === 'older' ? 'warn' : undefined;
  return [{ text: view.principal }, { text: `${briefly(since)} ago` }, { text: view.credential, tone }, { text: view.network }, view.known ? { text: 'yes' } : { text: 'no', tone: 'bad' }];
}
