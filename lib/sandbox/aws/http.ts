import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { AwsError } from './errors.ts';
import type { Aws } from './aws.ts';
import type { Principal } from './types.ts';
import { answer, credentialOf, type WireResponse } from './wire.ts';

/** The AWS of a sandbox over HTTP, for functions in other processes. */
export interface AwsServer {
  readonly url: string;
  /** Makes an access key id stand for a principal. Signatures are not checked. */
  register(accessKeyId: string, principal: Principal): void;
  close(): Promise<void>;
}

export interface AwsServerOptions {
  readonly aws: Pick<Aws, 'call'>;
  readonly clock: Clock;
  readonly uuid: () => string;
  /** 0 takes any free port. */
  readonly port: number;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function respond(
  request: IncomingMessage,
  principals: ReadonlyMap<string, Principal>,
  options: AwsServerOptions,
): Promise<WireResponse> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
  const wire = {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers,
    body: await textOf(request),
  };
  const principal = principals.get(credentialOf(headers)?.accessKeyId ?? '');
  if (principal) return answer(wire, principal, options.aws.call, options.uuid());
  const refuse = (): Promise<never> =>
    Promise.reject(
      new AwsError(
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
        403,
      ),
    );
  return answer(wire, { kind: 'root' }, refuse, options.uuid());
}

function write(response: ServerResponse, answered: WireResponse): void {
  response.writeHead(answered.status, {
    ...answered.headers,
    'content-length': Buffer.byteLength(answered.body),
  });
  response.end(answered.body);
}

/** Listens on 127.0.0.1. Time stands still while a request is answered. */
export async function serveAws(options: AwsServerOptions): Promise<AwsServer> {
  const principals = new Map<string, Principal>();
  const server = createServer((request, response) => {
    void options.clock
      .activity(() => respond(request, principals, options))
      .then((answered) => write(response, answered))
      .catch(() => response.destroy());
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `http://127.0.0.1:${port}`,
    register: (accessKeyId, principal) => void principals.set(accessKeyId, principal),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
