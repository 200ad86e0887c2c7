/**
 * One of an issuer's own sentences that people may read in errors and findings. Whoever can write to an
 * issuer, or stands before it, could put a credential into an answer: so nothing of an answer is repeated but
 * what fits a pattern that lists words, numbers and dates alone.
 */
export interface SafeReason {
  readonly status: number;
  /** Fits the words themselves. No part of it may fit any text at all. */
  readonly pattern: RegExp;
  /** What to say in its place, where the issuer's words name people or lack what helps. */
  readonly says?: string;
  /** Where the issuer's words are from. */
  readonly source: string;
}

/** A refusal longer than this is no sentence. */
const MOST_READ = 4_096;

/** The first listed reason that a refusal holds. */
export function reasonIn(status: number, text: string, safe: readonly SafeReason[]): string | undefined {
  for (const one of safe) {
    const match = one.status === status ? one.pattern.exec(text.slice(0, MOST_READ)) : null;
    if (match) return one.says ?? match[0];
  }
  return undefined;
}
