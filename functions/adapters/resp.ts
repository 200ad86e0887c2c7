/** Redis' own protocol, version 2: commands as bytes, and replies out of them. Source: redis.io, "RESP". */

/** A reply as JSON can hold it. An error is data: its text begins with a word in capitals. */
export type Reply = string | number | null | readonly Reply[] | { readonly error: string };

export type Command = readonly string[];

/** An array of bulk strings, which may hold any bytes. */
export function encoded(commands: readonly Command[]): Buffer {
  return Buffer.from(commands.map(textOf).join(''), 'utf8');
}

function textOf(command: Command): string {
  const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `*${command.length}\r\n${parts.join('')}`;
}

/** What comes is no RESP, or more of it than anything that is asked for. */
export class RespError extends Error {
  readonly code = 'EPROTO';
}

/** More than any list of passwords fills. */
const MOST_BYTES = 1024 * 1024;
/** Arrays in arrays: what is asked for has two. */
const MOST_DEPTH = 8;

/** Undefined where the bytes end before the reply does. */
type Read = { readonly reply: Reply; readonly end: number } | undefined;

/** Puts replies together from pieces of any size. */
export class RespReader {
  #bytes: Buffer = Buffer.alloc(0);

  /** The replies that are whole with this piece. Error: {@link RespError}. */
  push(piece: Uint8Array): Reply[] {
    this.#bytes = Buffer.concat([this.#bytes, piece]);
    if (this.#bytes.length > MOST_BYTES) throw new RespError('The answer is too long.');
    const replies: Reply[] = [];
    for (let read = readAt(this.#bytes, 0, 0); read; read = readAt(this.#bytes, 0, 0)) {
      replies.push(read.reply);
      this.#bytes = this.#bytes.subarray(read.end);
    }
    return replies;
  }
}

function readAt(bytes: Buffer, start: number, depth: number): Read {
  const type = bytes[start];
  if (type === undefined) return undefined;
  const kind = String.fromCharCode(type);
  // Anything else, such as a page in HTML, may go on for long without a line's end.
  if (!'+-:$*'.includes(kind) || depth > MOST_DEPTH) throw new RespError('The answer is no RESP.');
  const lineEnd = bytes.indexOf('\r\n', start);
  if (lineEnd === -1) return undefined;
  const line = bytes.toString('utf8', start + 1, lineEnd);
  const after = lineEnd + 2;
  if (kind === '+') return { reply: line, end: after };
  if (kind === '-') return { reply: { error: line }, end: after };
  const number = wholeIn(line);
  if (kind === ':') return { reply: number, end: after };
  if (number === -1) return { reply: null, end: after };
  return kind === '$' ? bulkAt(bytes, after, number) : arrayAt(bytes, after, number, depth);
}

function bulkAt(bytes: Buffer, start: number, length: number): Read {
  const end = start + sizeOf(length);
  if (bytes.length < end + 2) return undefined;
  if (bytes.toString('latin1', end, end + 2) !== '\r\n') throw new RespError('The answer is no RESP.');
  return { reply: bytes.toString('utf8', start, end), end: end + 2 };
}

function arrayAt(bytes: Buffer, start: number, length: number, depth: number): Read {
  const replies: Reply[] = [];
  let at = start;
  for (let left = sizeOf(length); left > 0; left--) {
    const read = readAt(bytes, at, depth + 1);
    if (!read) return undefined;
    replies.push(read.reply);
    at = read.end;
  }
  return { reply: replies, end: at };
}

function wholeIn(line: string): number {
  if (!/^[+-]?\d{1,15}$/.test(line)) throw new RespError('The answer is no RESP.');
  return Number(line);
}

function sizeOf(length: number): number {
  if (length < 0 || length > MOST_BYTES) throw new RespError('The answer is no RESP.');
  return length;
}
