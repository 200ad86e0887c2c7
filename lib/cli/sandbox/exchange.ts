import { request, type IncomingMessage } from 'node:http';
import { boundedTextOf } from '../../../functions/core/basics/bounded-body.ts';

/** What a sandbox is asked. */
export interface Question {
  readonly method: 'GET' | 'POST';
  /** JSON; none for a question without a body. */
  readonly body?: string | undefined;
}

/** What it answered. */
export interface Answer {
  readonly status: number;
  /** Empty where it could not be read to its end, or is larger than was allowed. */
  readonly text: string;
}

/**
 * One exchange with a server on this machine. `fetch` could do it, and takes a tenth of the processor time of
 * a whole command only to be loaded, which the program that is made of the sources spares. Of an answer at
 * most `most` bytes are read. Errors: those of node:http where nobody answers.
 */
export async function exchange(url: URL, { method, body }: Question, most: number): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { method }).once('response', resolve).once('error', reject).end(body);
  });
  return { status: response.statusCode ?? 0, text: await boundedTextOf(response, most).catch(() => '') };
}
