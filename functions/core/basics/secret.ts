import { inspect } from 'node:util';

/**
 * A value that must not be printed. Whatever writes it out (string, JSON, console) gets a placeholder;
 * only {@link Secret.reveal} hands out the value, so that a search for `reveal(` finds every use.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  /** Whether another value stands in this text. */
  contains(other: Secret): boolean {
    return this.#value.includes(other.#value);
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
