/** A real Verdaccio in this process: starts it, makes its users, and sends it requests. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Server } from 'node:http';
import { join } from 'node:path';
import { runServer } from 'verdaccio';
import type { Clock } from '../clock.ts';

/** What the server is made with. */
export interface VerdaccioOptions {
  readonly clock: Clock;
  /** An empty folder for its users, tokens and packages. */
  readonly folder: string;
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /**
   * Signs tokens as JWTs with this lifetime, such as `29d`. By default they are encrypted and do not
   * expire.
   */
  readonly jwtLifetime?: string;
}

/** A server that listens on this machine, under a port of its own. */
export class VerdaccioServer {
  readonly #server: Server;
  readonly #users = new Set<string>();
  readonly #made = new Set<string>();
  #making: Promise<void> = Promise.resolve();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(options: VerdaccioOptions): Promise<VerdaccioServer> {
    const server: unknown = await runServer(configOf(options));
    if (!(server instanceof Server)) throw new TypeError('Verdaccio did not make a server.');
    server.listen(options.port ?? 0, '127.0.0.1');
    await once(server, 'listening');
    return new VerdaccioServer(server);
  }

  /** A user that the server has to know before the next request. */
  addUser(name: string): void {
    this.#users.add(name);
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** Sends a request to the server, whatever host it names. */
  async send(request: Request): Promise<Response> {
    await this.#makeUsers();
    const url = new URL(request.url);
    const body = request.method === 'GET' ? undefined : await request.text();
    const headers = new Headers(request.headers);
    headers.delete('host');
    return fetch(this.#local(url.pathname + url.search), {
      method: request.method,
      headers,
      redirect: 'manual',
      signal: request.signal,
      ...(body && { body }),
    });
  }

  /** One after the other: Verdaccio rejects some of those that are made at the same time. */
  #makeUsers(): Promise<void> {
    this.#making = this.#making.then(async () => {
      for (const user of this.#users) if (!this.#made.has(user)) await this.#makeUser(user);
    });
    return this.#making;
  }

  async #makeUser(name: string): Promise<void> {
    const body = JSON.stringify({ name, password: passwordOf(name) });
    const response = await fetch(this.#local(`/-/user/org.couchdb.user:${name}`), {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body,
    });
    // 409: the folder knows the user from an earlier run.
    if (!response.ok && response.status !== 409)
      throw new Error(`Verdaccio answered ${response.status} to a new user.`);
    this.#made.add(name);
  }

  #local(path: string): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new TypeError('Verdaccio does not listen.');
    return `http://127.0.0.1:${address.port}${path}`;
  }
}

/** The password of a user. */
export function passwordOf(user: string): string {
  return createHash('sha256').update(`password/${user}`).digest('hex').slice(0, 24);
}

/**
 * Offline: without uplinks nothing is fetched from elsewhere.
 * Limits are wide: years pass in the sandbox within minutes.
 */
function configOf({ folder, jwtLifetime }: VerdaccioOptions): Parameters<typeof runServer>[0] {
  return {
    self_path: join(folder, 'config.yaml'),
    storage: join(folder, 'storage'),
    uplinks: {},
    auth: { htpasswd: { file: join(folder, 'htpasswd'), rounds: 4 } },
    packages: { '**': { access: '$authenticated', publish: '$authenticated' } },
    userRateLimit: { windowMs: 1000, max: 1_000_000 },
    web: { enable: false },
    log: { type: 'stdout', format: 'json', level: 'fatal' },
    // Said in full: Verdaccio keeps these settings for the whole process, so the last server started decides.
    security: {
      api: { legacy: true, jwt: jwtLifetime === undefined ? null : { sign: { expiresIn: jwtLifetime } } },
    },
  };
}
