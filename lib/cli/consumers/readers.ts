import type { Reading } from '../../../functions/core/detection/readers.ts';
import { currentOf } from '../../../functions/core/token/lookups.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Column } from '../output/screen.ts';
import type { Row } from '../output/tables.ts';
import { iso } from '../output/instants.ts';
import { briefly } from '../output/words.ts';
import type { ReaderJson } from '../json/consumers.ts';

export const READER_COLUMNS: readonly Column[] = [
  { title: 'READER' },
  { title: 'LAST READ' },
  { title: 'CREDENTIAL' },
  { title: 'FROM' },
  { title: 'KNOWN' },
];

export function readerView({ principal, network, at, version, isKnown }: Reading, token: Token): ReaderJson {
  return {
    principal,
    network,
    lastReadAt: iso(at),
    credential: credentialOf(version, token),
    known: isKnown,
  };
}

function credentialOf(version: string | undefined, token: Token): ReaderJson['credential'] {
  if (version === undefined) return 'unknown';
  return version === currentOf(token)?.versionId ? 'current' : 'older';
}

/** One reader, the current one in plain and one that is not known in red. */
export function readerRow(reading: Reading, token: Token, now: Instant): Row {
  const view = readerView(reading, token);
  const older = view.credential === 'older' ? 'warn' : undefined;
  const tone = view.known ? older : 'bad';
  const texts = [
    view.principal,
    `${briefly(now - reading.at)} ago`,
    view.credential,
    view.network,
    view.known ? 'yes' : 'no',
  ];
  return { cells: texts.map((text) => ({ text, tone })), notes: [] };
}

/** Where there is none. */
export function noReaders(name: string): string {
  return (
    `No read of ${name} was seen, other than by Keyturn. Reads are seen with a trail only: see the ` +
    'setting detection.trail.'
  );
}
