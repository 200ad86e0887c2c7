import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../lib/sandbox/clock.ts';
import type { IssuedCredential, Issuer, IssuerLogEntry } from '../../lib/sandbox/issuers/simulator.ts';
import { forwarded } from './local.ts';
import { SERVER_NAME, type Server } from './synapse-server.ts';

const Made = z.looseObject({ user_id: z.string(), device_id: z.string(), access_token: z.string() });
const Device = z.looseObject({ device_id: z.string(), last_seen_ts: z.number().nullable() });
const Listed = z.looseObject({ devices: z.array(Device) });

interface Known {
  readonly user: string;
  readonly id: string;
  readonly value: string;
  readonly name: string | undefined;
  readonly createdAt: number;
  usedAt: number | undefined;
}

/**
 * Users of their own at a running Synapse. The last uses of their devices are shown on the given clock, since
 * Synapse runs on the real one.
 */
export class SynapseUsers implements Issuer {
  readonly provider = 'synapse';
  readonly host = 'matrix.keyturn.test';
  readonly #server: Server;
  readonly #clock: Clock;
  readonly #prefix = `u${randomBytes(4).toString('hex')}`;
  readonly #password = randomBytes(16).toString('hex');
  readonly #users = new Set<string>();
  readonly #made = new Set<string>();
  readonly #known: Known[] = [];
  readonly #log: IssuerLogEntry[] = [];

  constructor(server: Server, clock: Clock) {
    this.#server = server;
    this.#clock = clock;
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({
      secret,
      user: this.#userFor(secret),
      password: this.#passwordOf(this.#userFor(secret)),
    }));
    return JSON.stringify({ url: `https://${this.host}`, token: this.#server.admin, grants });
  }

  async fetch(request: Request): Promise<Response> {
    await this.#makeUsers();
    const { pathname } = new URL(request.url);
    const sent = request.method === 'POST' ? await request.clone().text() : '';
    const answer = await forwarded(request, this.#server.port);
    if (!answer.ok) return answer;
    this.#noteUse(request);
    if (pathname.endsWith('/login')) return this.#noted(sent, answer);
    return request.method === 'GET' && pathname.endsWith('/devices') ? this.#dated(answer) : answer;
  }

  consume(secretText: string, agent: string): Request {
    const { access_token: token } = z.object({ access_token: z.string() }).parse(JSON.parse(secretText));
    return new Request(`https://${this.host}/_matrix/client/v3/joined_rooms`, {
      headers: { authorization: `Bearer ${token}`, 'user-agent': agent },
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const user = this.#userFor(secretName);
    const listed = Listed.parse(await (await this.asAdmin('GET', `/v2/users/${user}/devices`)).json());
    return this.#known
      .filter((one) => one.user === user)
      .map((one) => ({
        handle: this.#handleOf(one),
        value: one.value,
        name: one.name,
        createdAt: one.createdAt,
        live: listed.devices.some(({ device_id: id }) => id === one.id),
      }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async createByHand(secretName: string): Promise<string> {
    const user = this.#userFor(secretName);
    const body = JSON.stringify({
      type: 'm.login.password',
      identifier: { type: 'm.id.user', user },
      password: this.#passwordOf(user),
    });
    const url = `https://${this.host}/_matrix/client/v3/login`;
    const answer = await this.fetch(new Request(url, { method: 'POST', body }));
    return JSON.stringify({ access_token: Made.parse(await answer.json()).access_token });
  }

  async revokeByHand(handle: string): Promise<void> {
    const known = this.#known.find((one) => this.#handleOf(one) === handle);
    if (known) await this.asAdmin('DELETE', `/v2/users/${known.user}/devices/${known.id}`);
  }

  async close(): Promise<void> {}

  /** Asks the admin API, from its root. */
  asAdmin(method: string, path: string, json?: unknown): Promise<Response> {
    return this.fetch(
      new Request(`https://${this.host}/_synapse/admin${path}`, {
        method,
        headers: { authorization: `Bearer ${this.#server.admin}` },
        ...(json !== undefined && { body: JSON.stringify(json) }),
      }),
    );
  }

  #userFor(secretName: string): string {
    const user = `@${this.#prefix}-${secretName.replaceAll(/[^a-z0-9]/g, '-')}:${SERVER_NAME}`;
    this.#users.add(user);
    return user;
  }

  #passwordOf(user: string): string {
    return `${this.#password}-of-${user}`;
  }

  #handleOf({ user, id }: Known): string {
    return `${this.host}/users/${encodeURIComponent(user)}/${id}`;
  }

  async #noted(sent: string, answer: Response): Promise<Response> {
    const made = Made.parse(await answer.json());
    const { initial_device_display_name: name } = z
      .object({ initial_device_display_name: z.string().optional() })
      .parse(JSON.parse(sent));
    this.#known.push({
      user: made.user_id,
      id: made.device_id,
      value: made.access_token,
      name,
      createdAt: this.#clock.now(),
      usedAt: undefined,
    });
    return Response.json(made);
  }

  #noteUse(request: Request): void {
    const value = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
    const used = this.#known.find((one) => one.value === value);
    if (used) used.usedAt = this.#clock.now();
  }

  async #dated(answer: Response): Promise<Response> {
    const listed = Listed.parse(await answer.json());
    const devices = listed.devices.map((device) => {
      const usedAt = this.#known.find(({ id }) => id === device.device_id)?.usedAt;
      return device.last_seen_ts === null || usedAt === undefined
        ? device
        : { ...device, last_seen_ts: usedAt };
    });
    return Response.json({ ...listed, devices });
  }

  async #makeUsers(): Promise<void> {
    for (const user of this.#users) {
      if (this.#made.has(user)) continue;
      this.#made.add(user);
      const answer = await this.asAdmin('PUT', `/v2/users/${user}`, { password: this.#passwordOf(user) });
      if (!answer.ok) throw new Error(`Synapse answered ${answer.status} to a new user.`);
    }
  }
}
