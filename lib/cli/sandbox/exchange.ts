import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';

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
 * One exchange with a server on this machine. `fetch` could do it, and takes a sixth of the processor time of
 * a whole command only to be loaded. Of an answer at most `most` bytes are read. Errors: those of node:http
 * where nobody answers.
 */
export async function exchange(url: URL, { method, body }: Question, most: number): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request(url, { method, ...(body !== undefined && { headers: JSON_BODY }) });
    asked.once('response', resolve).once('error', reject).end(body);
  });
  return { status: response.statusCode ?? 0, text: await textOf(response, most).catch(() => '') };
}

const JSON_BODY = { 'content-type': 'application/json' } as const;

async function textOf(response: IncomingMessage, most: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response) {
    size += part.length;
    // Leaving the loop closes the connection.
    if (size > most) throw new RangeError(`An answer had more than ${most} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
