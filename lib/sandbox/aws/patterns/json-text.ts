/**
 * JSON as it stands in a text. `JSON.parse` forgets how a number was written and which keys stand twice;
 * EventBridge's matcher looks at both.
 */
export type Json =
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Json])[] }
  | { readonly kind: 'list'; readonly items: readonly Json[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'word'; readonly text: 'true' | 'false' | 'null' };

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const TEXT = /"(?:[^"\\]|\\[^])*"/y;
const SPACE = /[\t\n\r ]*/y;
const WORDS = ['true', 'false', 'null'] as const;

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  whole(): Json {
    const value = this.#value();
    if (this.#next() !== '') throw this.#unreadable();
    return value;
  }

  #take(form: RegExp): string | undefined {
    form.lastIndex = this.#at;
    const found = form.exec(this.#source)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  /** The next character that is no space, without taking it; empty at the end. */
  #next(): string {
    this.#take(SPACE);
    return this.#source.charAt(this.#at);
  }

  #unreadable(): Error {
    return new SyntaxError(
      this.#at >= this.#source.length ? 'It ends too early.' : `It is not JSON at character ${this.#at + 1}.`,
    );
  }

  #value(): Json {
    const next = this.#next();
    if (next === '{') return { kind: 'object', members: this.#between('{', '}', () => this.#member()) };
    if (next === '[') return { kind: 'list', items: this.#between('[', ']', () => this.#value()) };
    if (next === '"') return { kind: 'text', text: this.#text() };
    const word = WORDS.find((one) => this.#source.startsWith(one, this.#at));
    if (word !== undefined) {
      this.#at += word.length;
      return { kind: 'word', text: word };
    }
    const text = this.#take(NUMBER);
    if (text === undefined) throw this.#unreadable();
    return { kind: 'number', text };
  }

  #text(): string {
    this.#next();
    const found = this.#take(TEXT);
    if (found === undefined) throw this.#unreadable();
    const text: unknown = JSON.parse(found);
    return String(text);
  }

  #member(): readonly [string, Json] {
    const name = this.#text();
    this.#skip(':');
    return [name, this.#value()];
  }

  #skip(character: string): void {
    if (this.#next() !== character) throw this.#unreadable();
    this.#at++;
  }

  #between<T>(open: string, close: string, read: () => T): T[] {
    this.#skip(open);
    const all: T[] = [];
    while (this.#next() !== close) {
      if (all.length > 0) this.#skip(',');
      all.push(read());
    }
    this.#skip(close);
    return all;
  }
}

/** Errors: SyntaxError, without the text. */
export function readJson(text: string): Json {
  return new Reader(text).whole();
}

/** A value that JSON can carry, as JSON.stringify would write it. */
export function jsonOf(value: unknown): Json {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(jsonOf) };
  switch (typeof value) {
    case 'string':
      return { kind: 'text', text: value };
    case 'number':
      return Number.isFinite(value)
        ? { kind: 'number', text: String(value) }
        : { kind: 'word', text: 'null' };
    case 'boolean':
      return { kind: 'word', text: value ? 'true' : 'false' };
    case 'object':
      if (value !== null)
        return {
          kind: 'object',
          members: Object.entries(value).flatMap(([name, part]) =>
            part === undefined ? [] : [[name, jsonOf(part)] satisfies [string, Json]],
          ),
        };
      return { kind: 'word', text: 'null' };
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      return { kind: 'word', text: 'null' };
  }
}
