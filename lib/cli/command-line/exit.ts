/**
 * What the command ends with, for scripts: the only place where the numbers stand; the help and the docs are
 * made from it.
 */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  denied: 4,
  found: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** When each is the answer, in the order of the numbers. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'done, also where a list is empty',
  failed: 'what was asked did not happen',
  usage: 'wrong usage, an invalid file, unreadable input, or a filter value that no token has',
  refused: 'not confirmed, or not possible now',
  denied: 'AWS credentials are missing, have expired or are denied',
  found: 'findings, changes or problems were found; only with --exit-code',
  interrupted: 'stopped with Ctrl-C',
};

/** Ends a command with one sentence. */
export class CliError extends Error {
  readonly exit: ExitCode;

  constructor(exit: ExitCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'CliError';
    this.exit = exit;
  }
}
