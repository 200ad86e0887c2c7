import type { IncomingMessage } from 'node:http';
import { THREAD_HEADER } from './thread/requests.ts';

/** What the gateway answers. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** Headers that belong to the way here, not to the request. */
const OF_THE_WAY = new Set([
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'expect',
  THREAD_HEADER,
]);

/** The whole body. */
export async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Names in lower case; a header that is there twice is joined by a comma. */
export function headersOf(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

/** The request as it was meant for a URL, without the headers of the way here. */
export function requestFrom(incoming: IncomingMessage, url: string, body: Buffer): Request {
  const method = incoming.method ?? 'GET';
  const headers = Object.entries(headersOf(incoming)).filter(([name]) => !OF_THE_WAY.has(name));
  const hasBody = body.length > 0 && method !== 'GET' && method !== 'HEAD';
  return new Request(url, {
    method,
    headers,
    redirect: 'manual',
    ...(hasBody && { body: new Uint8Array(body) }),
  });
}

/** An answer as the gateway writes it. */
export async function replyOf(response: Response): Promise<Reply> {
  const headers = [...response.headers].filter(
    ([name]) => !OF_THE_WAY.has(name) && name !== 'date' && name !== 'content-encoding',
  );
  return {
    status: response.status,
    headers: Object.fromEntries(headers),
    body: new Uint8Array(await response.arrayBuffer()),
  };
}
