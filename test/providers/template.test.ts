import * as z from 'zod';
import { SECOND } from '../../functions/core/basics/time.ts';
import { template } from '../../functions/providers/_template/index.ts';
import type { Clock } from '../../lib/sandbox/clock.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { defineProviderContract } from '../contracts/provider.ts';

interface StoredKey {
  readonly id: string;
  readonly account: string;
  readonly value: string;
  readonly label: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  enabled: boolean;
}

const HOST = 'template.keyturn.test';
const ADMIN = 'admin-token-of-the-template';
const NewKey = z.object({ label: z.string(), scopes: z.array(z.string()), expiresAt: z.iso.datetime() });

/** The invented issuer of the template, in as few lines as the contract needs. */
function inventedIssuer(clock: Clock): Issuer {
  const keys: StoredKey[] = [];
  const accountOf = (secretName: string) => secretName.replace(/[^a-z0-9-]/g, '-');
  const handleOf = (key: StoredKey) => `${HOST}/${key.account}/${key.id}`;
  const shown = ({ value: _value, account: _account, ...key }: StoredKey) => ({
    ...key,
    createdAt: iso(key.createdAt),
    expiresAt: iso(key.expiresAt),
    scopes: ['reports:read'],
  });
  const refused = () => Response.json({ error: 'unknown key' }, { status: 401 });

  function store(account: string, label: string, expiresAt: number): StoredKey {
    const id = `k${keys.length + 1}`;
    const key = {
      id,
      account,
      value: `exk_${id.slice(1).padStart(40, '0')}`,
      label,
      createdAt: clock.now(),
      expiresAt,
      enabled: true,
    };
    keys.push(key);
    return key;
  }

  async function fetch(request: Request): Promise<Response> {
    const bearer = request.headers.get('authorization')?.replace('Bearer ', '');
    const { pathname } = new URL(request.url);
    if (pathname === '/v1/whoami' && bearer === ADMIN) return Response.json({ admin: true });
    if (pathname === '/v1/whoami') {
      const key = keys.find((candidate) => candidate.value === bearer && candidate.enabled);
      return key ? Response.json({ keyId: key.id, scopes: ['reports:read'] }) : refused();
    }
    const [, account, id] = /^\/v1\/accounts\/([^/]+)\/keys(?:\/([^/]+))?$/.exec(pathname) ?? [];
    if (bearer !== ADMIN || account === undefined) return refused();
    return manage(request, account, id);
  }

  async function manage(request: Request, account: string, id: string | undefined): Promise<Response> {
    const own = keys.filter((key) => key.account === account);
    if (request.method === 'GET') return Response.json({ keys: own.map(shown) });
    if (request.method === 'POST') {
      const asked = NewKey.parse(await request.json());
      const made = store(account, asked.label, Date.parse(asked.expiresAt));
      return Response.json({ ...shown(made), key: made.value }, { status: 201 });
    }
    const key = own.find((candidate) => candidate.id === id && candidate.enabled);
    if (!key) return Response.json({ error: 'no such key' }, { status: 404 });
    key.enabled = false;
    return new Response(null, { status: 204 });
  }

  return {
    provider: 'template',
    host: HOST,
    fetch,
    adminSecret: (names) =>
      JSON.stringify({
        url: `https://${HOST}`,
        token: ADMIN,
        grants: names.map((secret) => ({
          secret,
          account: accountOf(secret),
          scopes: ['reports:read'],
          maxDays: 90,
        })),
      }),
    consume: (text, agent) =>
      new Request(`https://${HOST}/v1/whoami`, {
        headers: { authorization: `Bearer ${text}`, 'user-agent': agent },
      }),
    credentials: async (name) =>
      keys
        .filter((key) => key.account === accountOf(name))
        .map((key) => ({
          handle: handleOf(key),
          value: key.value,
          name: key.label,
          createdAt: key.createdAt,
          live: key.enabled,
        })),
    log: () => [],
    createByHand: async (name) => store(accountOf(name), 'by hand', clock.now()).value,
    revokeByHand: async (handle) => {
      for (const key of keys) if (handleOf(key) === handle) key.enabled = false;
    },
    close: async () => {},
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

defineProviderContract({
  name: 'the template',
  provider: template,
  createIssuer: inventedIssuer,
  hostField: 'url',
  accountFields: ['account'],
  made: { id: 'id', value: 'key' },
  adminCredentials: (admin) => [admin['token']],
  malformed: [
    { field: 'token', breakIt: (admin, canary) => (admin['token'] = { canary }) },
    { field: 'grants[0].account', breakIt: (admin, canary) => (admin['grants'][0].account = `../${canary}`) },
  ],
  mayCall: ({ path }, account) =>
    path === '/v1/whoami' || path.startsWith(`/v1/accounts/${account.split('/')[1]}/keys`),
  throttled: (wait) => new Response('', { status: 429, headers: { 'retry-after': String(wait / SECOND) } }),
  grantedDays: 90,
});
