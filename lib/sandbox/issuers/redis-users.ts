/** The users of a simulated Redis, and every password that they have had. */
import { createHash } from 'node:crypto';
import type { Instant } from '../../../functions/core/basics/time.ts';

/** A password of a user, from when it was added until it was removed. */
export interface HeldPassword {
  readonly user: string;
  /** SHA-256, hexadecimal. */
  readonly hash: string;
  readonly createdAt: Instant;
  endedAt: Instant | undefined;
}

interface Account {
  isOn: boolean;
  isOpen: boolean;
}

type Saved = readonly { readonly user: string; readonly hash: string }[];

/** The ACL of a server. A user is there once it is named. */
export class AclUsers {
  readonly #now: () => Instant;
  readonly #all: HeldPassword[] = [];
  readonly #accounts = new Map<string, Account>();
  /** Redis knows no passwords: those that somebody tried tell what a hash was made from. */
  readonly #tried = new Map<string, string>();
  #saved: Saved = [];

  constructor(now: () => Instant) {
    this.#now = now;
  }

  /** Its account, which is made where it is not there. */
  account(user: string): Account {
    const known = this.#accounts.get(user) ?? { isOn: true, isOpen: false };
    this.#accounts.set(user, known);
    return known;
  }

  has(user: string): boolean {
    return this.#accounts.has(user);
  }

  names(): readonly string[] {
    return [...this.#accounts.keys()];
  }

  /** All that a user ever had. */
  of(user: string): HeldPassword[] {
    return this.#all.filter((one) => one.user === user);
  }

  present(user: string): HeldPassword[] {
    return this.of(user).filter(({ endedAt }) => endedAt === undefined);
  }

  all(): readonly HeldPassword[] {
    return this.#all;
  }

  /** One that is there already stays as it is. */
  add(user: string, hash: string): void {
    this.account(user).isOpen = false;
    if (!this.present(user).some((one) => one.hash === hash))
      this.#all.push({ user, hash, createdAt: this.#now(), endedAt: undefined });
  }

  /** A password of a person's, in plain text. */
  addPassword(user: string, password: string): void {
    this.#tried.set(hashed(password), password);
    this.add(user, hashed(password));
  }

  /** Whether it was there. */
  remove(user: string, hash: string): boolean {
    const there = this.present(user).find((one) => one.hash === hash);
    if (there) there.endedAt = this.#now();
    return there !== undefined;
  }

  /** What a user and a password belong to, whether it is over or not. */
  tried(user: string, password: string): HeldPassword | undefined {
    this.#tried.set(hashed(password), password);
    return this.#all.findLast((one) => one.user === user && one.hash === hashed(password));
  }

  /** What was hashed, once somebody tried it. */
  valueOf({ hash }: HeldPassword): string | undefined {
    return this.#tried.get(hash);
  }

  /** Writes the ACL file. */
  save(): void {
    this.#saved = this.#all
      .filter(({ endedAt }) => endedAt === undefined)
      .map(({ user, hash }) => ({ user, hash }));
  }

  /** Reads it, and forgets what was not written. */
  restart(): void {
    for (const one of this.#all) one.endedAt ??= this.#now();
    for (const { user, hash } of this.#saved) this.add(user, hash);
  }
}

export function hashed(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}

/** What tells a password from others of its user, in handles. */
export function markOf({ hash }: HeldPassword): string {
  return hashed(`keyturn-redis-1\n${hash}`).slice(0, 16);
}
