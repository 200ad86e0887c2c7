import * as z from 'zod';
import { KeyturnError } from '../core/errors.ts';
import { parseJson } from '../core/json.ts';
import type { Breaker } from '../core/leaks.ts';
import type { AlertLedger } from '../core/ports.ts';
import { Secret } from '../core/secret.ts';
import { SECOND } from '../core/time.ts';
import type { GithubAlert } from './github-webhook.ts';
import { reportLeak, type LeakPorts, type LeakReport } from './leaks.ts';
import { digestOf } from './provenance.ts';

export interface GithubPorts {
  /** Reaches the host of `apiUrl` and no other. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Such as https://api.github.com, or https://github.example.com/api/v3. */
  readonly apiUrl: string;
  /** A token that may read secret scanning alerts. */
  readonly token: () => Promise<Secret>;
  readonly ledger: AlertLedger;
}

const TIMEOUT = 10 * SECOND;

/** Source: GitHub Docs, REST API, "Get a secret scanning alert"; version 2022-11-28. */
const Alert = z.object({ secret: z.string().min(1), created_at: z.iso.datetime().transform((text) => Date.parse(text)).optional() });

/**
 * Asks GitHub for the value that an alert is about, and reports it; once an alert, however often its delivery comes. Resolves to how many tokens it concerns.
 * Errors: `issuer-unreachable` and `issuer-throttled` pass, `bad-request` does not; none holds anything of the answer.
 */
export async function answerAlert(alert: GithubAlert, breaker: Breaker, ports: LeakPorts & { readonly github: GithubPorts }): Promise<number> {
  const { ledger } = ports.github;
  const key = `github/${alert.repository}/${alert.number}`;
  if ((await ledger.told(key)) > 0) return 0;
  const concerned = await reportLeak(await reportOf(alert, ports.github), breaker, ports);
  await ledger.tell(key, 1, ports.now());
  return concerned;
}

async function reportOf(alert: GithubAlert, ports: GithubPorts): Promise<LeakReport> {
  const answer = await ask(alert, ports);
  const parsed = Alert.safeParse(answer);
  if (!parsed.success) throw new KeyturnError('bad-request', `GitHub's answer about the alert ${alert.number} of ${alert.repository} is not as documented, at "${parsed.error.issues[0]?.path.join('.') ?? ''}".`);
  return { digest: digestOf(new Secret(parsed.data.secret)), source: `GitHub secret scanning, alert ${alert.number} of ${alert.repository}`, exposedAt: parsed.data.created_at };
}

async function ask({ repository, number }: GithubAlert, { fetch, apiUrl, token }: GithubPorts): Promise<unknown> {
  const headers = { 'accept': 'application/vnd.github+json', 'authorization': `Bearer ${tokenIn(await token())}`, 'user-agent': 'keyturn', 'x-github-api-version': '2022-11-28' };
  const url = `${apiUrl.replace(/\/$/, '')}/repos/${repository}/secret-scanning/alerts/${number}`;
  const response = await fetch(new Request(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT) })).catch(() => undefined);
  if (!response) throw new KeyturnError('issuer-unreachable', 'GitHub could not be reached.');
  if (response.status === 200) return response.json().catch(() => undefined);
  await response.body?.cancel();
  if (response.status === 429 || response.headers.get('x-ratelimit-remaining') === '0') throw new KeyturnError('issuer-throttled', `GitHub answered ${response.status}: it asks for fewer calls.`);
  if (response.status >= 500) throw new KeyturnError('issuer-unreachable', `GitHub answered ${response.status}.`);
  throw new KeyturnError('bad-request', `GitHub answered ${response.status} when asked for the alert ${number} of ${repository}: its token has to read secret scanning alerts there.`);
}

const TokenJson = z.object({ token: z.string().min(1) });

/** The bare token, or JSON with it in the field `token`. */
function tokenIn(secret: Secret): string {
  const text = secret.reveal().trim();
  if (!text.startsWith('{')) return text;
  const json = TokenJson.safeParse(parseJson(text));
  if (json.success) return json.data.token;
  throw new KeyturnError('bad-request', 'The secret with the token for GitHub holds none: store it bare, or as JSON in the field "token".');
}
