import * as z from 'zod';
import type { Instant } from '../../../functions/core/basics/time.ts';
import { pageOf } from './forms.ts';
import { pairOf } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const NewKey = z.object({ FriendlyName: z.string().max(64).default('') });

const hex = (random: (length: number) => string): string => Buffer.from(random(16)).toString('hex');

const RULES: MintingRules = {
  provider: 'twilio',
  host: 'twilio.keyturn.test',
  account: (index) => `Accounts/AC${String(index).padStart(32, '0')}`,
  admin: (pair) => ({ user: pair.split(':')[0], token: pair.split(':')[1] }),
  grant: (account) => ({ account: account.slice('Accounts/'.length) }),
  id: (_number, random) => `SK${hex(random)}`,
  value: (id, random) => `${id}:${random(32)}`,
  handle: ({ id }) => id,
  presented: (request) => pairOf(request.headers),
  byHand: { scopes: [] },
  stored: (pair) => ({ api_key: pair }),
  use: (pair) => ({
    path: `/2010-04-01/Accounts/AC${'1'.padStart(32, '0')}/Messages.json?PageSize=1`,
    headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
  }),
  answer,
};

/**
 * A Twilio as far as standard API keys go. Source: twilio/twilio-oai, spec/json/twilio_api_v2010.json; the
 * refusals: twilio.com, "Error 20003", and answers that users report.
 */
export function twilioSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, store } = call;
  if (caller.kind === 'unauthenticated')
    return twilioError(401, 20_003, 'Authentication Error - invalid username');
  const [, sid, rest = ''] = /^\/2010-04-01\/Accounts\/(AC\w{32})\/(.+)\.json$/.exec(path) ?? [];
  const account = `Accounts/${sid}`;
  if (sid === undefined || !store.has(account)) return twilioError(404, 20_404, `The resource was not found`);
  if (caller.kind === 'credential' && caller.credential.account !== account)
    return twilioError(401, 20_003, 'Authenticate');
  if (rest === 'Messages') return Response.json({ messages: [], ...pageFacts(0, 1, undefined) });
  if (caller.kind === 'credential') return twilioError(401, 20_003, 'Authenticate');
  if (rest === 'Keys') return method === 'POST' ? create(call, account) : list(call, account);
  const found = store.of(account).find(({ id }) => rest === `Keys/${id}`);
  if (!found) return twilioError(404, 20_404, 'The resource was not found');
  store.revoke(found);
  return new Response(null, { status: 204 });
}

function create({ body, store }: Call, account: string): Response {
  const asked = NewKey.safeParse(body);
  if (!asked.success) return twilioError(400, 20_001, 'FriendlyName is too long');
  const made = store.add(account, { name: asked.data.FriendlyName, scopes: [], expiresAt: undefined });
  return Response.json({ ...shown(made), secret: made.value.split(':')[1] }, { status: 201 });
}

function list({ path, query, store }: Call, account: string): Response {
  const [page, size] = [Number(query.get('Page') ?? 0), Number(query.get('PageSize') ?? 50)];
  const keys = store.of(account);
  const isLast = (page + 1) * size >= keys.length;
  const next = `${path}?PageSize=${size}&Page=${page + 1}&PageToken=PT${page + 1}`;
  return Response.json({
    keys: pageOf(keys, page + 1, size).map(shown),
    ...pageFacts(page, size, isLast ? undefined : next),
  });
}

function pageFacts(page: number, size: number, next: string | undefined): object {
  return { page, page_size: size, next_page_uri: next ?? null, previous_page_uri: null };
}

function shown({ id, name, createdAt }: Kept): object {
  return {
    sid: id,
    friendly_name: name,
    date_created: mailDate(createdAt),
    date_updated: mailDate(createdAt),
  };
}

/** RFC 2822. */
function mailDate(at: Instant): string {
  return new Date(at).toUTCString().replace('GMT', '+0000');
}

/** An error as Twilio writes it. */
export function twilioError(status: number, code: number, message: string): Response {
  const more = `https://www.twilio.com/docs/errors/${code}`;
  return Response.json({ code, message, more_info: more, status }, { status });
}
