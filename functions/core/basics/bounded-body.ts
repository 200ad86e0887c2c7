import { KeyturnError } from './errors.ts';

/**
 * The text of an answer from outside, read to its end unless it is larger than `most` bytes. Whoever answers
 * without end wants the reader's memory. Error: `issuer-response-invalid`, which says how much was too much
 * and nothing of the answer.
 */
export function boundedText({ body }: Pick<Response, 'body'>, most: number): Promise<string> {
  return boundedTextOf(body ?? [], most);
}

/** The same of an answer that comes as a stream of bytes. */
export async function boundedTextOf(
  stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  most: number,
): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    // Leaving the loop cancels the rest.
    if (size > most)
      throw new KeyturnError(
        'issuer-response-invalid',
        `An answer had more than ${most} bytes and was not read to its end.`,
      );
    parts.push(part);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}
