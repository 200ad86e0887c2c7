import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of this machine that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new TypeError('There is no free port.');
  return address.port;
}

/** Sends a request on to a program on this machine. */
export async function forwarded(request: Request, port: number): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const body = request.method === 'GET' ? '' : await request.text();
  const headers = new Headers(request.headers);
  headers.delete('host');
  return fetch(`http://127.0.0.1:${port}${pathname}${search}`, {
    method: request.method,
    headers,
    redirect: 'manual',
    signal: request.signal,
    ...(body !== '' && { body }),
  });
}
