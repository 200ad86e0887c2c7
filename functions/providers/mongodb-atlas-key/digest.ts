import { createHash } from 'node:crypto';
import { Secret } from '../../core/basics/secret.ts';
import type { Headers } from '../declared/calls.ts';
import type { Proven } from '../declared/proving.ts';
import type { HttpAnswer } from '../http-answer.ts';

/** One question for each nonce. */
const COUNT = '00000001';

/**
 * HTTP Digest with MD5 and `qop=auth` (RFC 7616 §3.4), of a value that is a user without a colon, a colon and
 * the password. Neither of the two hashes is sent. Other forms are no challenge.
 */
export function asDigest({ status, headers }: HttpAnswer, value: Secret, asked: Proven): Headers | undefined {
  const { realm, nonce, opaque, qop, algorithm } = challengeIn(headers.get('www-authenticate') ?? '');
  if (status !== 401 || realm === undefined || nonce === undefined) return undefined;
  if ((algorithm ?? 'MD5') !== 'MD5' || !/(^|[ ,])auth($|[ ,])/.test(qop ?? '')) return undefined;
  const [user = '', ...rest] = value.reveal().split(':');
  // It needs to be new, not secret: the connection is.
  const client = createHash('sha256').update(`${nonce}:${asked.now}`).digest('hex').slice(0, 16);
  const who = md5(`${user}:${realm}:${rest.join(':')}`);
  const what = md5(`${asked.method}:${asked.uri}`);
  const response = md5(`${who}:${nonce}:${COUNT}:${client}:auth:${what}`);
  const fields = [
    `username="${user}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${asked.uri}"`,
    'algorithm=MD5',
    `response="${response}"`,
    'qop=auth',
    `nc=${COUNT}`,
    `cnonce="${client}"`,
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ];
  return { authorization: new Secret(`Digest ${fields.join(', ')}`) };
}

/** The parameters of the first Digest challenge in the header. One with an escape in it is left out. */
function challengeIn(header: string): Readonly<Record<string, string | undefined>> {
  const [, parameters = ''] = /(?:^|,\s*)Digest\s+(.*)$/i.exec(header) ?? [];
  return Object.fromEntries(
    [...parameters.matchAll(/(\w+)=(?:"([^"\\]*)"|([\w-]+))/g)].map(([, name = '', quoted, bare]) => [
      name.toLowerCase(),
      quoted ?? bare,
    ]),
  );
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
