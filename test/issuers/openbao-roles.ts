import * as z from 'zod';
import type { Clock } from '../../lib/sandbox/clock.ts';
import type { IssuedCredential, Issuer, IssuerLogEntry } from '../../lib/sandbox/issuers/simulator.ts';
import { forwarded } from './local.ts';
import { asRoot, ownName, type Bao } from './openbao-server.ts';

const Made = z.looseObject({
  data: z.looseObject({ secret_id: z.string(), secret_id_accessor: z.string(), secret_id_ttl: z.int() }),
});
const Shown = z.looseObject({
  data: z.looseObject({ secret_id_accessor: z.string(), metadata: z.record(z.string(), z.string()) }),
});
const Listed = z.object({ data: z.object({ keys: z.array(z.string()) }) });

interface Known {
  readonly role: string;
  readonly accessor: string;
  readonly value: string;
  readonly createdAt: number;
  readonly life: number;
}

/**
 * Roles of their own at a running OpenBao, and one for Keyturn with the policy that the page names. The dates
 * of secret IDs are shown on the given clock, since OpenBao runs on the real one.
 */
export class RolesIssuer implements Issuer {
  readonly provider = 'vault-approle';
  readonly host = 'vault.keyturn.test';
  readonly #bao: Bao;
  readonly #clock: Clock;
  readonly #admin: object;
  readonly #roles: ReadonlyMap<string, string>;
  readonly #known: Known[] = [];

  private constructor(bao: Bao, clock: Clock, admin: object, roles: ReadonlyMap<string, string>) {
    this.#bao = bao;
    this.#clock = clock;
    this.#admin = admin;
    this.#roles = roles;
  }

  /** A role for each of these secrets. */
  static async create(bao: Bao, clock: Clock, secretNames: readonly string[]): Promise<RolesIssuer> {
    const prefix = ownName();
    const roles = new Map(secretNames.map((secret, index) => [secret, `${prefix}-${index + 1}`]));
    for (const role of roles.values())
      await asRoot(bao, 'POST', `auth/approle/role/${role}`, {
        role_id: `role-id-of-${role}`,
        token_policies: ['shop'],
        token_ttl: '20m',
      });
    const policy = [...roles.values()].map(policyFor).join('\n');
    await asRoot(bao, 'PUT', `sys/policies/acl/${prefix}`, { policy });
    const own = `auth/approle/role/${prefix}-keyturn`;
    const roleId = `role-id-of-${prefix}-keyturn`;
    const rules = { role_id: roleId, token_policies: [prefix], token_type: 'batch', token_ttl: '30m' };
    await asRoot(bao, 'POST', own, rules);
    const { data } = Made.parse(await asRoot(bao, 'POST', `${own}/secret-id`, {}));
    return new RolesIssuer(bao, clock, { role_id: roleId, secret_id: data.secret_id }, roles);
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({
      secret,
      mount: 'approle',
      role: this.#roleOf(secret),
      roleId: `role-id-of-${this.#roleOf(secret)}`,
      maxDays: 60,
    }));
    return JSON.stringify({ url: `https://${this.host}`, ...this.#admin, grants });
  }

  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const answer = await forwarded(request, this.#bao.port);
    if (answer.status !== 200) return answer;
    const role = /\/role\/([\w-]+)\//.exec(pathname)?.[1] ?? '';
    const body: unknown = await answer.json();
    const headers = new Headers({ 'cache-control': answer.headers.get('cache-control') ?? '' });
    if (pathname.endsWith('/secret-id')) this.#note(role, body);
    return Response.json(pathname.endsWith('/lookup') ? this.#dated(body) : body, { headers });
  }

  consume(secretText: string, agent: string): Request {
    const { secret_id, role_id } = z
      .object({ secret_id: z.string(), role_id: z.string() })
      .parse(JSON.parse(secretText));
    return new Request(`https://${this.host}/v1/auth/approle/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': agent },
      body: JSON.stringify({ secret_id, role_id }),
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const role = this.#roleOf(secretName);
    const listed = await asRoot(this.#bao, 'GET', `auth/approle/role/${role}/secret-id?list=true`).then(
      (answer) => Listed.parse(answer).data.keys,
      (): string[] => [],
    );
    return this.#known
      .filter((one) => one.role === role)
      .map(({ accessor, value, createdAt }) => ({
        handle: `${this.host}/auth/approle/role/${role}/${accessor}`,
        value,
        name: undefined,
        createdAt,
        live: listed.includes(accessor),
      }));
  }

  log(): readonly IssuerLogEntry[] {
    return [];
  }

  async createByHand(secretName: string): Promise<string> {
    const role = this.#roleOf(secretName);
    const made = await asRoot(this.#bao, 'POST', `auth/approle/role/${role}/secret-id`, {});
    const { value } = this.#note(role, made);
    return JSON.stringify({ secret_id: value, role_id: `role-id-of-${role}` });
  }

  async revokeByHand(handle: string): Promise<void> {
    const known = this.#known.find(({ accessor }) => handle.endsWith(`/${accessor}`));
    if (!known) return;
    const { role, accessor } = known;
    await asRoot(this.#bao, 'POST', `auth/approle/role/${role}/secret-id-accessor/destroy`, {
      secret_id_accessor: accessor,
    });
  }

  async close(): Promise<void> {}

  #roleOf(secretName: string): string {
    return this.#roles.get(secretName) ?? `none-for-${secretName.replace(/\W/g, '-')}`;
  }

  #note(role: string, body: unknown): Known {
    const { data } = Made.parse(body);
    const known: Known = {
      role,
      accessor: data.secret_id_accessor,
      value: data.secret_id,
      createdAt: this.#clock.now(),
      life: data.secret_id_ttl * 1_000,
    };
    this.#known.push(known);
    return known;
  }

  #dated(body: unknown): unknown {
    const whole = Shown.safeParse(body).data;
    const known = this.#known.find(({ accessor }) => accessor === whole?.data.secret_id_accessor);
    if (!whole || !known) return body;
    const { createdAt, life } = known;
    const dates = {
      creation_time: new Date(createdAt).toISOString(),
      ...(life > 0 && { expiration_time: new Date(createdAt + life).toISOString() }),
    };
    return { ...whole, data: { ...whole.data, ...dates } };
  }
}

/** The paths that the least rights name. */
function policyFor(role: string): string {
  const at = `auth/approle/role/${role}`;
  const rights: Readonly<Record<string, readonly string[]>> = {
    [at]: ['read'],
    [`${at}/role-id`]: ['read'],
    [`${at}/secret-id`]: ['list', 'update'],
    [`${at}/secret-id/lookup`]: ['update'],
    [`${at}/secret-id-accessor/lookup`]: ['update'],
    [`${at}/secret-id-accessor/destroy`]: ['update'],
  };
  return Object.entries(rights)
    .map(([path, may]) => `path "${path}" { capabilities = ${JSON.stringify(may)} }`)
    .join('\n');
}
