/** Public RSA keys as SSH writes them, read and written (RFC 4253 §6.6). */
import { modulusOf, type RsaNumbers } from './client-assertions.ts';

const TYPE = 'ssh-rsa';

/** The numbers in a key; undefined for a text that is no RSA key. */
export function numbersInSsh(text: string): RsaNumbers | undefined {
  const [type, blob = ''] = text.split(' ');
  const [name, e, n] = partsOf(Buffer.from(blob, 'base64'));
  if (type !== TYPE || name?.toString() !== TYPE || !e || !n) return undefined;
  return { e: e.toString('base64url'), n: n.toString('base64url') };
}

/** A key of these numbers, without a comment. */
export function sshOf({ e, n }: RsaNumbers): string {
  const parts = [TYPE, Buffer.from(e, 'base64url'), Buffer.from(`00${modulusOf({ e, n })}`, 'hex')];
  const blob = parts.map((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return Buffer.concat([length, Buffer.from(part)]);
  });
  return `${TYPE} ${Buffer.concat(blob).toString('base64')}`;
}

function partsOf(blob: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at + 4 <= blob.length;) {
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return [];
    parts.push(blob.subarray(at + 4, end));
    at = end;
  }
  return parts;
}
