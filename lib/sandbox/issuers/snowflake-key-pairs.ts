/** The key pairs that users of a simulated Snowflake have had. */
import type { KeyObject } from 'node:crypto';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { IssuerDelays } from './simulator.ts';
import { fingerprintOf } from './snowflake-keys.ts';

/** RSA_PUBLIC_KEY and RSA_PUBLIC_KEY_2, as lists name them. */
const RESERVED = ['PUBLIC_KEY_1', 'PUBLIC_KEY_2'] as const;
export type Reserved = (typeof RESERVED)[number];

/** A key pair of a user, as far as Snowflake knows it. */
export interface StoredPair {
  /** As in handles, such as `users/SVC_ROBOT_1`. */
  readonly account: string;
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly fingerprint: string;
  readonly createdAt: Instant;
  disabledAt?: Instant | undefined;
  removedAt?: Instant | undefined;
  lastUsedAt?: Instant | undefined;
}

export class KeyPairs {
  readonly #host: string;
  readonly #now: () => Instant;
  readonly #all: StoredPair[] = [];

  constructor(host: string, now: () => Instant) {
    this.#host = host;
    this.#now = now;
  }

  /** Removed ones too. */
  of(account: string): StoredPair[] {
    return this.#all.filter((one) => one.account === account);
  }

  kept(account: string): StoredPair[] {
    return this.of(account).filter(({ removedAt }) => removedAt === undefined);
  }

  all(): readonly StoredPair[] {
    return this.#all;
  }

  add(account: string, name: string, publicKey: KeyObject): StoredPair {
    const fingerprint = fingerprintOf(publicKey);
    const pair = { account, name, publicKey, fingerprint, createdAt: this.#now() };
    this.#all.push(pair);
    return pair;
  }

  /** `ALTER USER … SET RSA_PUBLIC_KEY` by a person: what stands there ends without a word. */
  set(account: string, name: Reserved, publicKey: KeyObject): StoredPair {
    for (const pair of this.kept(account)) if (pair.name === name) this.remove(pair);
    return this.add(account, name, publicKey);
  }

  remove(pair: StoredPair): void {
    pair.removedAt ??= this.#now();
  }

  switch(pair: StoredPair, isOff: boolean): void {
    pair.disabledAt = isOff ? (pair.disabledAt ?? this.#now()) : undefined;
  }

  accepts(
    { createdAt, removedAt = Infinity, disabledAt = Infinity }: StoredPair,
    { propagation = 0, revokeLag = 0 }: IssuerDelays,
  ): boolean {
    const now = this.#now();
    return now >= createdAt + propagation && now < Math.min(removedAt, disabledAt) + revokeLag;
  }

  handleOf({ account, fingerprint }: StoredPair): string {
    const mark = Buffer.from(fingerprint.slice('SHA256:'.length), 'base64').toString('base64url');
    return `${this.#host}/${account}/keys/${mark}`;
  }
}

/** Whether a name stands for one of the two properties. */
export function isReserved(name: string): boolean {
  return RESERVED.some((one) => one === name);
}
