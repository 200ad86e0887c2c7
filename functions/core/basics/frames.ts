/** `at function (file:line:column)`, as V8 writes a frame; native ones have no place. */
const FRAME = /^\s+at (?:async )?(?:[\w.$<>[\] ]+ \()?(?:file:\/\/|node:|\/|[A-Z]:\\)[^\s()]*:\d+:\d+\)?$/;
/** What stands before the message: the name, and the code of an error of Node. */
const HEADER = /^[\w$.]{1,80}(?: \[\w+\])?$/;

/**
 * Where an error came from: the frames of its stack, without its message. A message may quote what it choked
 * on, over several lines, and a line of it may look like a frame; so whatever stands before the end of the
 * message is left out, and where the message is not found in the stack there are no frames.
 */
export function framesOf(error: unknown): string[] {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return [];
  const { stack, message } = error;
  const header =
    message === ''
      ? (stack.split('\n')[0] ?? '')
      : stack.slice(0, Math.max(0, stack.indexOf(`: ${message}`)));
  if (!HEADER.test(header)) return [];
  const behind = stack.slice(message === '' ? header.length : header.length + 2 + message.length);
  return behind.split('\n').filter((line) => FRAME.test(line));
}
