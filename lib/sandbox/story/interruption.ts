/** What a shell calls a command that Ctrl-C has ended. */
const INTERRUPTED = 130;

/**
 * The first Ctrl-C ends the story, or the sandbox after it, in order; a second one ends the process.
 * The listener stays: libraries that clean up end the process when they find themselves the only listeners.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort(new Error('The story was interrupted.'));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  return controller.signal;
}
