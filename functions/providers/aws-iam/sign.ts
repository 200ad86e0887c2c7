import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Secret } from '../../core/basics/secret.ts';
import type { Around } from '../declared/declaration.ts';
import { formText, type HttpRequest } from '../request.ts';
import { partsOf } from './schema.ts';

/** The hash that the signer takes: SHA-256, as an HMAC where it is given a key. */
class Sha256 {
  readonly #hash: { update(data: Uint8Array): unknown; digest(): Uint8Array };

  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(key));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

/**
 * The headers of Signature Version 4 for a request of the Query protocol, which is all at the path `/`. The
 * secret access key signs and is not sent. Source: IAM User Guide, "Create a signed AWS API request".
 */
export async function signatureOf(
  { method, path, query = {}, body }: HttpRequest,
  credential: Secret,
  { origin, now }: Around,
): Promise<Record<string, string>> {
  const { keyId, secretKey } = partsOf(credential);
  const { host } = new URL(origin);
  const isForm = body !== undefined && 'form' in body;
  const signer = new SignatureV4({
    credentials: { accessKeyId: keyId, secretAccessKey: secretKey.reveal() },
    region: regionOf(host),
    service: host.startsWith('sts.') ? 'sts' : 'iam',
    sha256: Sha256,
  });
  const { headers } = await signer.sign(
    {
      protocol: 'https:',
      hostname: host,
      method,
      path,
      query: { ...query },
      headers: { host, ...(isForm && { 'content-type': 'application/x-www-form-urlencoded' }) },
      ...(isForm && { body: formText(body.form) }),
    },
    { signingDate: new Date(now) },
  );
  const { host: _host, ...rest } = headers;
  return { ...rest, accept: 'text/xml' };
}

/**
 * The Region that a request to an endpoint is signed for. Source: AWS General Reference, "IAM endpoints and
 * quotas": one Region stands for a whole partition.
 */
function regionOf(host: string): string {
  if (host.endsWith('.amazonaws.com.cn')) return 'cn-north-1';
  return host.includes('.us-gov') ? 'us-gov-west-1' : 'us-east-1';
}

/** Where STS is for an endpoint of IAM, in the same partition. Source: the same, and "AWS STS endpoints". */
export function stsOf(url: string): string {
  return url
    .replace(/^https:\/\/iam\.us-gov\./, 'https://sts.us-gov-west-1.')
    .replace(/^https:\/\/iam\./, 'https://sts.');
}
