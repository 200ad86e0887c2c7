import * as z from 'zod';
import { bearerOf, iso } from './forms.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const API = '/api/0';
/** As many as Sentry shows on a page where nothing else is asked for. */
const PAGE = 100;
const TOKEN = /^sntryu_/;

const RateLimit = z.strictObject({
  count: z.number().int().min(0).nullable(),
  window: z.number().int().min(0).max(86_400).nullable(),
});
const NewKey = z.strictObject({
  name: z.string().max(64).nullish(),
  rateLimit: RateLimit.optional(),
  useCase: z.enum(['user', 'profiling', 'tempest', 'demo']).default('user'),
});
const Update = z.strictObject({
  name: z.string().optional(),
  isActive: z.boolean().optional(),
  rateLimit: RateLimit.optional(),
  browserSdkVersion: z.enum(['latest', '7.x', '8.x', '9.x', '10.x']).optional(),
});

const RULES: MintingRules = {
  provider: 'sentry',
  host: 'sentry.keyturn.test',
  otherHosts: (host) => [`o1.ingest.${host}`],
  account: (index) => `projects/widgets/shop-${index}`,
  admin: (token) => ({ token }),
  grant: (account) => ({ organization: 'widgets', project: slugOf(account) }),
  id: (_number, random) => hexOf(random),
  value: (id, random, account) =>
    account === undefined
      ? `sntryu_${hexOf(random)}${hexOf(random)}`
      : `https://${id}@o1.ingest.sentry.keyturn.test/${numberOf(account)}`,
  handle: ({ id }) => id,
  presented: (request) =>
    bearerOf(request) ?? /sentry_key=(\w+)/.exec(request.headers.get('x-sentry-auth') ?? '')?.[1],
  sent: (value) => (TOKEN.test(value) ? value : new URL(value).username),
  byHand: { scopes: [] },
  stored: (dsn) => ({ dsn }),
  use: (dsn) => ({
    host: new URL(dsn).host,
    method: 'POST',
    path: `/api${new URL(dsn).pathname}/envelope/`,
    headers: { 'x-sentry-auth': `Sentry sentry_version=7, sentry_key=${new URL(dsn).username}` },
  }),
  answer,
};

const LOADER = {
  hasReplay: false,
  hasPerformance: false,
  hasDebug: false,
  hasFeedback: false,
  hasLogsAndMetrics: false,
};

/** What a key has that an update may set, by its id. */
const sdkVersions = new WeakMap<Kept, string>();

/**
 * Sentry as far as client keys go. Source: getsentry/sentry-api-schema, openapi-derefed.json;
 * getsentry/sentry, src/sentry/core/endpoints/project_key_details.py; docs.sentry.io, "Paginating Results".
 */
export function sentrySimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, host, store } = call;
  if (host.startsWith('o1.ingest.')) return ingest(call);
  if (caller.kind !== 'admin') return detail(401, 'Invalid token');
  const [isKeys, project = '', id] =
    new RegExp(`^${API}/projects/widgets/([\\w-]+)/keys/(?:(\\w+)/)?$`).exec(path) ?? [];
  const account = `projects/widgets/${project}`;
  if (isKeys === undefined || !store.has(account))
    return detail(404, 'The requested resource does not exist');
  if (id === undefined) return method === 'POST' ? create(call, account) : list(call, account);
  const found = store.of(account).find((one) => one.id === id);
  if (!found) return detail(404, 'The requested resource does not exist');
  if (method === 'GET') return Response.json(shown(found));
  if (method === 'PUT') return update(call, found);
  if (method !== 'DELETE') return detail(405, `Method "${method}" not allowed.`);
  store.revoke(found);
  return new Response(null, { status: 204 });
}

/** Source: develop.sentry.dev, "Envelopes", and getsentry/relay: a key that is not known, or is off. */
function ingest({ caller }: Call): Response {
  if (caller.kind === 'credential') return Response.json({ id: '0'.repeat(32) });
  return Response.json(
    { detail: 'event submission rejected with_reason: ProjectId' },
    { status: caller.kind === 'disabled' ? 403 : 401 },
  );
}

function create({ body, store }: Call, account: string): Response {
  const asked = NewKey.safeParse(body);
  if (!asked.success) return Response.json({ name: ['Not a valid name.'] }, { status: 400 });
  const name = asked.data.name ?? 'Generated Name';
  return Response.json(shown(store.add(account, { name, scopes: [], expiresAt: undefined })), {
    status: 201,
  });
}

/** What names no version sets that of the key to the default of its project. */
function update({ body, store }: Call, kept: Kept): Response {
  const asked = Update.safeParse(body);
  if (!asked.success) return Response.json({ isActive: ['Must be a valid boolean.'] }, { status: 400 });
  const { name, isActive, browserSdkVersion = 'latest' } = asked.data;
  if (name !== undefined) kept.name = name;
  sdkVersions.set(kept, browserSdkVersion);
  if (isActive !== undefined) store.disable(kept, !isActive);
  return Response.json(shown(kept));
}

/** Newest first, with a next page in every answer. */
function list({ query, path, host, store }: Call, account: string): Response {
  const [, start = '0'] = /^0:(\d+):0$/.exec(query.get('cursor') ?? '0:0:0') ?? [];
  const keys = store.of(account).toReversed();
  const end = Number(start) + PAGE;
  const link = (rel: string, cursor: string, results: boolean): string =>
    `<https://${host}${path}?&cursor=${cursor}>; rel="${rel}"; results="${results}"; cursor="${cursor}"`;
  return Response.json(keys.slice(Number(start), end).map(shown), {
    headers: {
      link: [
        link('previous', `0:${Math.max(0, Number(start) - PAGE)}:1`, Number(start) > 0),
        link('next', `0:${end}:0`, end < keys.length),
      ].join(', '),
    },
  });
}

function shown(kept: Kept): object {
  const { id, name, account, createdAt, disabledAt } = kept;
  return {
    id,
    name,
    label: name,
    public: id,
    secret: '0'.repeat(32),
    projectId: numberOf(account),
    isActive: disabledAt === undefined,
    rateLimit: null,
    dsn: addressesOf(kept),
    browserSdkVersion: sdkVersions.get(kept) ?? '7.x',
    browserSdk: { choices: [] },
    dateCreated: iso(createdAt),
    dynamicSdkLoaderOptions: LOADER,
    useCase: 'user',
  };
}

/** Where events of each kind are sent with a key. */
function addressesOf({ id, value }: Kept): object {
  const { host, pathname } = new URL(value);
  const api = `https://${host}/api${pathname}`;
  const taken = (what: string): string => `${api}/${what}/?sentry_key=${id}`;
  return {
    public: value,
    secret: value.replace('@', `:${'0'.repeat(32)}@`),
    csp: taken('csp-report'),
    security: taken('security'),
    minidump: taken('minidump'),
    nel: taken('nel'),
    unreal: `${api}/unreal/${id}/`,
    crons: `${api}/cron/___MONITOR_SLUG___/${id}/`,
    cdn: `https://js.${host}/${id}.min.js`,
    playstation: taken('playstation'),
    integration: `${api}/integration/`,
    otlp_traces: `${api}/integration/otlp/v1/traces`,
    otlp_logs: `${api}/integration/otlp/v1/logs`,
  };
}

function detail(status: number, text: string): Response {
  return Response.json({ detail: text }, { status });
}

function slugOf(account: string): string {
  return account.slice('projects/widgets/'.length);
}

function numberOf(account: string): number {
  return 4_500_000 + Number(/\d+$/.exec(account)?.[0]);
}

function hexOf(random: (length: number) => string): string {
  return Buffer.from(random(16)).toString('hex');
}
