import { createHash } from 'node:crypto';
import { KeyturnError } from '../../core/basics/errors.ts';
import { Secret } from '../../core/basics/secret.ts';
import type { User } from './schema.ts';

/**
 * How RabbitMQ keeps a password: base64 of a salt of 32 bits, and of the hash of salt and password. Source:
 * rabbitmq.com, "Credentials and Passwords", "Computing Password Hashes".
 */
const SALT_BYTES = 4;

/** The algorithm of what Keyturn makes: RabbitMQ's own default. */
export const ALGORITHM = 'rabbit_password_hashing_sha256';

const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  [ALGORITHM, 'sha256'],
  ['rabbit_password_hashing_sha512', 'sha512'],
  ['rabbit_password_hashing_md5', 'md5'],
]);

/**
 * The hash under which a value is created. The salt is made from the value, so that creating it twice leaves
 * one and the same hash. Only for values that Keyturn chose at random, of which 32 bits tell nothing.
 */
export function hashOf(value: Secret): Secret {
  const salt = createHash('sha256').update(`keyturn-salt-1\n${value.reveal()}`).digest();
  return hashWith('sha256', salt.subarray(0, SALT_BYTES), value);
}

function hashWith(algorithm: string, salt: Buffer, value: Secret): Secret {
  const digest = createHash(algorithm).update(salt).update(value.reveal()).digest();
  return new Secret(Buffer.concat([salt, digest]).toString('base64'));
}

/**
 * Whether a value is the password of a user. Error: `issuer-response-invalid` where its hash is one that
 * Keyturn cannot compute.
 */
export function isOf({ name, password_hash: hash, hashing_algorithm: known }: User, value: Secret): boolean {
  const stored = Buffer.from(hash.reveal(), 'base64');
  if (stored.length === 0) return false;
  const algorithm = ALGORITHMS.get(known);
  if (algorithm === undefined || stored.length <= SALT_BYTES)
    throw new KeyturnError(
      'issuer-response-invalid',
      `RabbitMQ keeps the password of the user ${name} in a way that Keyturn cannot compare: set the ` +
        'password anew with one of its own hashing modules.',
    );
  return hashWith(algorithm, stored.subarray(0, SALT_BYTES), value).equals(hash);
}

/**
 * Tells what a user holds from everything that a user of its name ever held: the salt, which RabbitMQ draws
 * anew with each password. It tells nothing of the password. A user without one has no salt.
 */
export function markOf(hash: Secret): string {
  const salt = Buffer.from(hash.reveal(), 'base64').subarray(0, SALT_BYTES);
  return salt.length === SALT_BYTES ? salt.toString('hex') : 'none';
}
