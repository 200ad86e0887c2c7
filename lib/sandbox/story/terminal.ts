import type { WriteStream } from 'node:tty';
import type { Terminal } from './display.ts';

/**
 * A stream of this process. NO_COLOR, FORCE_COLOR and TERM decide on colors as in Node.js
 * (`tty.WriteStream.hasColors`).
 */
export function terminalOf(stream: WriteStream): Terminal {
  // What can write no line over has no foot: a file, a pipe, and a terminal that says that it is dumb.
  const isWindow = stream.isTTY && process.env['TERM'] !== 'dumb';
  return {
    write: (text) => void stream.write(text),
    columns: () => (isWindow ? stream.columns : undefined),
    hasColors: stream.isTTY && stream.hasColors(),
  };
}

/** Ends the process when its reader has gone, as `head` after ten lines: that is no failure. */
export function leaveWhenUnread(streams: readonly WriteStream[]): void {
  for (const stream of streams)
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit();
    });
}
