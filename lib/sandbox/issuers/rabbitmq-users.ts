/** The users of a simulated RabbitMQ, and every password that they have had. */
import { createHash } from 'node:crypto';
import type { Instant } from '../../../functions/core/basics/time.ts';

/** What one name held from one change of its password to the next. */
export interface HeldPassword {
  readonly name: string;
  /** Base64 of the salt and of the hash of salt and password. */
  readonly hash: string;
  readonly createdAt: Instant;
  endedAt: Instant | undefined;
  tags: readonly string[];
  readonly permissions: Map<string, Readonly<Record<string, string>>>;
}

/** The one hashing module of this broker: the default of RabbitMQ. */
export const MODULE = 'rabbit_password_hashing_sha256';
const SALT_BYTES = 4;

/** Source: rabbitmq.com, "Credentials and Passwords", "Computing Password Hashes". */
export function hashed(password: string, salt: Buffer): string {
  const digest = createHash('sha256').update(salt).update(password).digest();
  return Buffer.concat([salt, digest]).toString('base64');
}

function isHashOf(hash: string, password: string): boolean {
  const salt = Buffer.from(hash, 'base64').subarray(0, SALT_BYTES);
  return password !== '' && salt.length === SALT_BYTES && hashed(password, salt) === hash;
}

/** A hexadecimal text that is the same for the same seed. */
export function seeded(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The database of users. */
export class Users {
  readonly #now: () => Instant;
  readonly #all: HeldPassword[] = [];
  /** A broker knows no passwords: those that somebody tried tell what a hash was made from. */
  readonly #tried = new Set<string>();
  #serial = 0;

  constructor(now: () => Instant) {
    this.#now = now;
  }

  find(name: string): HeldPassword | undefined {
    return this.#all.find((one) => one.name === name && one.endedAt === undefined);
  }

  present(): HeldPassword[] {
    return this.#all
      .filter((one) => one.endedAt === undefined)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** All that a name ever held. */
  of(name: string): HeldPassword[] {
    return this.#all.filter((one) => one.name === name);
  }

  /** With the same hash the user is the same; with another one it keeps its permissions alone. */
  put(name: string, hash: string, tags: readonly string[]): 'created' | 'changed' {
    const there = this.find(name);
    if (there?.hash === hash) {
      there.tags = tags;
      return 'changed';
    }
    if (there) this.end(there);
    const permissions = there?.permissions ?? new Map<string, Readonly<Record<string, string>>>();
    this.#all.push({ name, hash, createdAt: this.#now(), endedAt: undefined, tags, permissions });
    return there ? 'changed' : 'created';
  }

  end(one: HeldPassword): void {
    one.endedAt = this.#now();
  }

  /** Under a password, with a salt that the broker draws. */
  putPassword(name: string, password: string, tags: readonly string[]): 'created' | 'changed' {
    this.#tried.add(password);
    return this.put(name, hashed(password, this.#salt()), tags);
  }

  #salt(): Buffer {
    return Buffer.from(seeded(`salt/${this.#serial++}`).slice(0, 2 * SALT_BYTES), 'hex');
  }

  /** A password that was not there before. */
  password(): string {
    return seeded(`password/${this.#serial++}`);
  }

  /** What a name and a password belong to, whether it is over or not. */
  tried(name: string, password: string): HeldPassword | undefined {
    this.#tried.add(password);
    return this.#all.findLast((one) => one.name === name && isHashOf(one.hash, password));
  }

  /** What was hashed, once somebody tried it. */
  valueOf({ hash }: HeldPassword): string | undefined {
    return [...this.#tried].find((password) => isHashOf(hash, password));
  }
}

/** What tells a password from others of its name. */
export function markOf({ hash }: HeldPassword): string {
  const salt = Buffer.from(hash, 'base64').subarray(0, SALT_BYTES);
  return salt.length === SALT_BYTES ? salt.toString('hex') : 'none';
}
