import { createHash, createHmac } from 'node:crypto';
import { MINUTE } from '../../../functions/core/basics/time.ts';
import type { Call } from './minting-rules.ts';

/** A request from so far away in time is refused (IAM User Guide, "Troubleshoot signed requests"). */
const APART = 5 * MINUTE;

interface Signature {
  readonly keyId: string;
  readonly scope: string;
  readonly names: string;
  readonly hex: string;
}

/** The parts of an `Authorization` header of Signature Version 4; undefined for any other one. */
export function signatureIn(headers: Headers): Signature | undefined {
  const [, keyId, scope, names, hex] =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8}\/[\w-]+\/\w+\/aws4_request), SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/.exec(
      headers.get('authorization') ?? '',
    ) ?? [];
  return keyId === undefined || scope === undefined || names === undefined || hex === undefined
    ? undefined
    : { keyId, scope, names, hex };
}

/**
 * Why a signature is not the one that a secret makes of a request; undefined where it is. Source: IAM User
 * Guide, "Create a signed AWS API request".
 */
export function signatureFault(
  call: Pick<Call, 'method' | 'host' | 'path' | 'query' | 'headers' | 'body' | 'now'>,
  { scope, names, hex }: Signature,
  { secret, region, service }: { readonly secret: string; readonly region: string; readonly service: string },
): string | undefined {
  const { headers, now } = call;
  const stamp = headers.get('x-amz-date') ?? '';
  const [, ...date] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp) ?? [];
  const [year, month = 1, day, hour, minute, second] = date.map(Number);
  if (year === undefined) return 'there is no date';
  if (Math.abs(Date.UTC(year, month - 1, day, hour, minute, second) - now) > APART)
    return 'Signature expired';
  if (scope !== `${stamp.slice(0, 8)}/${region}/${service}/aws4_request`)
    return 'Credential should be scoped to a valid region';
  if (!['host', 'x-amz-date'].every((name) => names.split(';').includes(name)))
    return 'a header is not signed';
  const text = ['AWS4-HMAC-SHA256', stamp, scope, sha256(canonical(call, names))].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secret}`);
  return hmac(key, text).toString('hex') === hex
    ? undefined
    : 'The request signature we calculated does not match the signature you provided.';
}

function canonical(
  { method, host, path, query, headers, body }: Parameters<typeof signatureFault>[0],
  names: string,
): string {
  const pairs = [...query].map(([name, value]) => `${encoded(name)}=${encoded(value)}`).toSorted();
  const lines = names
    .split(';')
    .map((name) => `${name}:${name === 'host' ? host : (headers.get(name) ?? '').trim()}\n`);
  const payload = new URLSearchParams();
  for (const [name, value] of Object.entries(body ?? {})) payload.set(name, String(value));
  return [method, path, pairs.join('&'), lines.join(''), names, sha256(payload.toString())].join('\n');
}

/** RFC 3986: letters, digits and `-_.~` alone stay as they are. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** The headers that sign a GET, as a consumer's SDK makes them. */
export function signedHeaders(
  value: { readonly keyId: string; readonly secret: string },
  { host, path, now }: { readonly host: string; readonly path: string; readonly now: number },
): Record<string, string> {
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${stamp.slice(0, 8)}/us-east-1/sts/aws4_request`;
  const { pathname, searchParams } = new URL(path, `https://${host}`);
  const names = 'host;x-amz-date';
  const request = {
    method: 'GET',
    host,
    path: pathname,
    query: searchParams,
    headers: new Headers({ 'x-amz-date': stamp }),
    body: undefined,
    now,
  };
  const text = ['AWS4-HMAC-SHA256', stamp, scope, sha256(canonical(request, names))].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${value.secret}`);
  return {
    'x-amz-date': stamp,
    authorization:
      `AWS4-HMAC-SHA256 Credential=${value.keyId}/${scope}, SignedHeaders=${names}, ` +
      `Signature=${hmac(key, text).toString('hex')}`,
  };
}
