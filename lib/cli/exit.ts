/** What the command ends with, for scripts. */
export const EXIT = {
  ok: 0,
  /** What was asked did not happen. */
  failed: 1,
  /** The command line, or the file it names, is wrong; or what came in could not be read, so that nobody can tell. */
  usage: 2,
  /** A precondition does not hold, or a person did not confirm. */
  refused: 3,
  /** `--exit-code` was given: `status` found open critical findings, or `subscriptions` one that is not as it should be. */
  critical: 4,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command with one sentence. */
export class CliError extends Error {
  readonly exit: ExitCode;

  constructor(exit: ExitCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'CliError';
    this.exit = exit;
  }
}
