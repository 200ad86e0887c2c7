/**
 * What a shell takes literally without quotes, at the beginning of a word and after it. `=` and `~` mean
 * something to zsh at the beginning, so they are quoted there.
 */
const PLAIN = /^[A-Za-z0-9_./@-][A-Za-z0-9_./@:+=,-]*$/;

/**
 * Control characters, line breaks and marks that turn the direction of text: what is pasted would not be what
 * is read.
 */
const UNREADABLE = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u;

/**
 * A text as one word that a shell takes literally (POSIX.1-2024, Shell Command Language, 2.2.2
 * Single-Quotes).
 */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : shellQuoted(text);
}

/** A text in single quotes, whatever is in it. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * A command line of these words; undefined where one of them has characters that cannot be read on a screen.
 */
export function shellCommand(words: readonly string[]): string | undefined {
  return words.some((word) => UNREADABLE.test(word)) ? undefined : words.map(shellWord).join(' ');
}
