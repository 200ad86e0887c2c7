import * as z from 'zod';
import { boundedText } from '../../core/basics/bounded-body.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { parseJson } from '../../core/basics/json.ts';
import type { RateLimit } from '../../core/incidents/leak-reports.ts';
import { instantFrom } from '../../core/basics/lenient-time.ts';
import type { AlertLedger } from '../../core/ports/alert-ledger.ts';
import { Secret } from '../../core/basics/secret.ts';
import { SECOND, type Instant } from '../../core/basics/time.ts';
import type { GithubAlert } from './github-webhook.ts';
import { reportLeak, type LeakPorts, type LeakReport } from './leak-reports.ts';
import { digestOf } from '../rotation/provenance.ts';

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

/** An alert is a few kilobytes. */
const MOST_BYTES = 1024 * 1024;

/**
 * Source: GitHub Docs, REST API, "Get a secret scanning alert"; version 2022-11-28. White space around a
 * value is no part of it.
 */
const Alert = z.object({ secret: z.string().trim().min(1), created_at: z.unknown().optional() });

/**
 * Asks GitHub for the value that an alert is about, and reports it; once a step of the alert, however often
 * its delivery comes. What concerned no token is asked about again, since one may have been enrolled by then.
 * Resolves to how many tokens it concerns. Errors: `issuer-unreachable` and `issuer-throttled` pass,
 * `bad-request` does not; none holds anything of the answer.
 */
export async function answerAlert(
  alert: GithubAlert,
  limit: RateLimit,
  ports: LeakPorts & { readonly github: GithubPorts },
): Promise<number> {
  const { ledger } = ports.github;
  const key = [
    'github',
    alert.repository,
    alert.number,
    ...(alert.step === undefined ? [] : [alert.step]),
  ].join('/');
  if ((await ledger.told(key)) > 0) return 0;
  const concerned = await reportLeak(await reportOf(alert, ports), limit, ports);
  if (concerned > 0) await ledger.tell(key, 1, ports.now());
  return concerned;
}

async function reportOf(
  alert: GithubAlert,
  { github, now }: { readonly github: GithubPorts; readonly now: () => Instant },
): Promise<LeakReport> {
  const answer = await ask(alert, github);
  const parsed = Alert.safeParse(answer);
  if (!parsed.success)
    throw new KeyturnError(
      'bad-request',
      `GitHub's answer about the alert ${alert.number} of ${alert.repository} is not as documented, at ` +
        `"${parsed.error.issues[0]?.path.join('.') ?? ''}".`,
    );
  return {
    digest: digestOf(new Secret(parsed.data.secret)),
    source: `GitHub secret scanning, alert ${alert.number} of ${alert.repository}`,
    exposedAt: instantFrom(parsed.data.created_at, now()),
  };
}

async function ask(
  { repository, number }: GithubAlert,
  { fetch, apiUrl, token }: GithubPorts,
): Promise<unknown> {
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${tokenIn(await token())}`,
    'user-agent': 'keyturn',
    'x-github-api-version': '2022-11-28',
  };
  const url = addressOf(apiUrl, `/repos/${repository}/secret-scanning/alerts/${number}`);
  const response = await fetch(
    new Request(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT) }),
  ).catch(() => undefined);
  if (!response) throw new KeyturnError('issuer-unreachable', 'GitHub could not be reached.');
  if (response.status === 200) return parseJson(await bodyOf(response));
  await response.body?.cancel();
  if (response.status === 429 || response.headers.get('x-ratelimit-remaining') === '0')
    throw new KeyturnError(
      'issuer-throttled',
      `GitHub answered ${response.status}: it asks for fewer calls.`,
    );
  if (response.status >= 500)
    throw new KeyturnError('issuer-unreachable', `GitHub answered ${response.status}.`);
  throw new KeyturnError(
    'bad-request',
    `GitHub answered ${response.status} when asked for the alert ${number} of ${repository}: its token ` +
      'has to read secret scanning alerts there.',
  );
}

/** The parser folds dots: what comes out differently would be another address than the alert's. */
function addressOf(apiUrl: string, path: string): URL {
  const url = new URL(apiUrl);
  const whole = `${url.pathname.replace(/\/$/, '')}${path}`;
  url.pathname = whole;
  if (url.pathname === whole) return url;
  throw new KeyturnError('bad-request', 'The alert names a repository that is none.');
}

/** An answer that breaks off is one that did not come; its error may quote it. */
async function bodyOf(response: Response): Promise<string> {
  try {
    return await boundedText(response, MOST_BYTES);
  } catch (error) {
    if (error instanceof KeyturnError) throw error;
    throw new KeyturnError('issuer-unreachable', "GitHub's answer broke off.");
  }
}

const TokenJson = z.object({ token: z.string().trim().min(1) });

/**
 * The bare token, or JSON with it in the field `token`. What HTTP cannot carry is refused here: the error of
 * the runtime would quote it.
 */
function tokenIn(secret: Secret): string {
  const text = secret.reveal().trim();
  const token = text.startsWith('{') ? TokenJson.safeParse(parseJson(text)).data?.token : text;
  if (token === undefined)
    throw new KeyturnError(
      'bad-request',
      'The secret with the token for GitHub holds none: store it bare, or as JSON in the field "token".',
    );
  if (/^[!-~]+$/.test(token)) return token;
  throw new KeyturnError(
    'bad-request',
    'The secret with the token for GitHub holds more than a token: store it again, on one line and ' +
      'without blanks.',
  );
}
