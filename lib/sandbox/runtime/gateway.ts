import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Aws } from '../aws/aws.ts';
import { AwsError } from '../aws/errors.ts';
import type { Principal } from '../aws/types.ts';
import { answer, credentialOf } from '../aws/wire.ts';
import type { Clock } from '../clock.ts';
import type { FunctionThread } from './function-thread.ts';
import { bodyOf, headersOf, replyOf, requestFrom, type Reply } from './gateway-http.ts';
import { ISSUER_PATH, THREAD_HEADER, readThreadHeader } from './thread/requests.ts';
import { SandboxRefusal } from './refusal.ts';

/** A host of the outside world that runs here. */
export type Answer = (request: Request) => Promise<Response>;

export interface GatewaySettings {
  readonly clock: Clock;
  readonly uuid: () => string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** What stands behind the port. */
export interface Backends {
  readonly call: Aws['call'];
  /** The thread of a function, by the id in its requests. */
  readonly thread: (id: string) => FunctionThread | undefined;
  /** Answers `/_keyturn/…`; undefined for what it does not know. It may move time. */
  readonly control: (request: Request) => Promise<Response | undefined>;
}

const CONTROL_PATH = '/_keyturn/';
/**
 * The one port of the sandbox: AWS, the issuers and its control, on 127.0.0.1. While a request is answered,
 * time stands still.
 */
export class Gateway {
  readonly hosts = new Map<string, Answer>();
  readonly #settings: GatewaySettings;
  readonly #principals = new Map<string, Principal>();
  readonly #server: Server;
  #backends: Backends | undefined;

  private constructor(settings: GatewaySettings) {
    this.#settings = settings;
    this.#server = createServer((request, response) => this.#handle(request, response));
    // A connection that was closed for its age in the moment of its next use would look like a fault of AWS.
    this.#server.keepAliveTimeout = 0;
  }

  /** Errors: {@link SandboxRefusal} when the port is taken. */
  static async listen(settings: GatewaySettings): Promise<Gateway> {
    const gateway = new Gateway(settings);
    gateway.#server.listen(settings.port, '127.0.0.1');
    try {
      await once(gateway.#server, 'listening');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
        throw new SandboxRefusal(
          `The port ${settings.port} is taken: stop what listens there, or choose another port.`,
          { cause: error },
        );
      throw error;
    }
    return gateway;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  connect(backends: Backends): void {
    this.#backends = backends;
  }

  /** Makes an access key id stand for a principal. Signatures are not checked. */
  register(accessKeyId: string, principal: Principal): void {
    this.#principals.set(accessKeyId, principal);
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #handle(incoming: IncomingMessage, response: ServerResponse): void {
    const path = incoming.url ?? '/';
    const controls = path.startsWith(CONTROL_PATH) && !path.startsWith(ISSUER_PATH);
    if (controls)
      return void this.#reply(
        incoming,
        response,
        (body) => this.#control(incoming, body),
        () => undefined,
      );
    const { id, number } = readThreadHeader(String(incoming.headers[THREAD_HEADER] ?? ''));
    const answered = this.#backends?.thread(id)?.requestArrived(number) ?? (() => undefined);
    response.once('close', answered);
    const isIssuers = path.startsWith(ISSUER_PATH);
    void this.#settings.clock.activity(() =>
      this.#reply(
        incoming,
        response,
        (body) => (isIssuers ? this.#issuer(incoming, body) : this.#aws(incoming, body)),
        answered,
      ),
    );
  }

  async #reply(
    incoming: IncomingMessage,
    response: ServerResponse,
    make: (body: Buffer) => Promise<Reply>,
    answered: () => void,
  ): Promise<void> {
    try {
      const { status, headers, body } = await make(await bodyOf(incoming));
      answered();
      response.sendDate = false;
      response.writeHead(status, {
        ...headers,
        date: new Date(this.#settings.clock.now()).toUTCString(),
        'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    } catch {
      response.destroy();
    }
  }

  async #aws(incoming: IncomingMessage, body: Buffer): Promise<Reply> {
    const headers = headersOf(incoming);
    const wire = {
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers,
      body: body.toString('utf8'),
    };
    const principal = this.#principals.get(credentialOf(headers)?.accessKeyId ?? '');
    const call = this.#backends?.call;
    if (principal && call) return answer(wire, principal, call, this.#settings.uuid());
    const refuse = (): Promise<never> =>
      Promise.reject(
        new AwsError(
          'UnrecognizedClientException',
          'The security token included in the request is invalid.',
          403,
        ),
      );
    return answer(wire, { kind: 'root' }, refuse, this.#settings.uuid());
  }

  async #issuer(incoming: IncomingMessage, body: Buffer): Promise<Reply> {
    const rest = (incoming.url ?? '').slice(ISSUER_PATH.length);
    const slash = rest.indexOf('/');
    const host = slash === -1 ? rest : rest.slice(0, slash);
    const serve = this.hosts.get(host);
    if (!serve)
      return replyOf(Response.json({ message: `No issuer ${host} runs in this sandbox.` }, { status: 404 }));
    return replyOf(
      await serve(requestFrom(incoming, `https://${host}${slash === -1 ? '/' : rest.slice(slash)}`, body)),
    );
  }

  async #control(incoming: IncomingMessage, body: Buffer): Promise<Reply> {
    const request = requestFrom(incoming, new URL(incoming.url ?? '/', this.url).href, body);
    return replyOf(
      (await this.#backends?.control(request)) ??
        Response.json(
          { message: `The sandbox does not know ${request.method} ${incoming.url}.` },
          { status: 404 },
        ),
    );
  }
}
