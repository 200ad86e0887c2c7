import { createHash } from 'node:crypto';

const REALM = 'MMS Public API';
const NONCE = 'bW9uZ29kYi1hdGxhcw==';

/** Source: mongodb.com/docs/atlas, answers to `curl --digest`; `qop` as users recorded it. */
export const CHALLENGE = [
  `Digest realm="${REALM}"`,
  'domain=""',
  `nonce="${NONCE}"`,
  'algorithm=MD5',
  'qop="auth"',
  'stale=false',
].join(', ');

/** What a client sends that answers the challenge with a pair (RFC 7616 §3.4). */
export function digestOf(pair: string, method: string, uri: string): string {
  const [user = ''] = pair.split(':');
  const client = '0a4f113b';
  const response = responseOf(pair, { method, uri, nc: '00000001', cnonce: client });
  return (
    `Digest username="${user}", realm="${REALM}", nonce="${NONCE}", uri="${uri}", algorithm=MD5, ` +
    `response="${response}", qop=auth, nc=00000001, cnonce="${client}"`
  );
}

/** The pair that a request proves, out of those that are known by their user. */
export function provenIn(request: Request, pairs: ReadonlyMap<string, string>): string | undefined {
  const [, text] = /^Digest (.+)$/.exec(request.headers.get('authorization') ?? '') ?? [];
  const fields: Readonly<Record<string, string | undefined>> = Object.fromEntries(
    [...(text ?? '').matchAll(/(\w+)="?([^",]*)"?/g)].map(([, name = '', value = '']) => [name, value]),
  );
  const { username = '', realm, nonce, uri = '', response, nc = '', cnonce = '', qop } = fields;
  const { pathname, search } = new URL(request.url);
  const pair = pairs.get(username);
  const isFresh = realm === REALM && nonce === NONCE && qop === 'auth' && uri === pathname + search;
  if (pair === undefined || !isFresh) return undefined;
  return response === responseOf(pair, { method: request.method, uri, nc, cnonce }) ? pair : undefined;
}

interface Asked {
  readonly method: string;
  readonly uri: string;
  readonly nc: string;
  readonly cnonce: string;
}

function responseOf(pair: string, { method, uri, nc, cnonce }: Asked): string {
  const [user = '', password = ''] = pair.split(':');
  const who = md5([user, REALM, password]);
  return md5([who, NONCE, nc, cnonce, 'auth', md5([method, uri])]);
}

function md5(parts: readonly string[]): string {
  return createHash('md5').update(parts.join(':')).digest('hex');
}
