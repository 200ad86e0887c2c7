import type { Secret } from '../../core/basics/secret.ts';
import { publicJwkOf } from '../signing-key.ts';

const RSA = 'ssh-rsa';

/** The public half of a private RSA key as SSH writes it, without a comment; undefined for any other text. */
export function publicKeyOf(value: Secret): string | undefined {
  const jwk = publicJwkOf(value);
  return jwk?.kty === 'RSA' ? sshRsa(jwk) : undefined;
}

/** Numbers of RSA, in base64url (RFC 7518 §6.3.1), as SSH writes a key of them (RFC 4253 §6.6). */
export function sshRsa({ e, n }: { readonly e: string; readonly n: string }): string {
  const blob = Buffer.concat([Buffer.from(RSA), positive(e), positive(n)].map(counted));
  return `${RSA} ${blob.toString('base64')}`;
}

/** A key without its comment, so that two texts of one key are alike. */
export function withoutComment(key: string): string {
  return key.trim().split(/\s+/).slice(0, 2).join(' ');
}

/** A positive number whose first bit is set would be a negative one (RFC 4251 §5, mpint). */
function positive(number: string): Buffer {
  const bytes = Buffer.from(number, 'base64url');
  return (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.alloc(1), bytes]);
}

/** With its length before it (RFC 4251 §5, string). */
function counted(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
