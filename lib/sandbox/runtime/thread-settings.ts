import type { Clock } from '../clock.ts';
import type { ThreadData } from './thread/messages.ts';

/** What a thread of a function is started with. */
export interface ThreadSettings {
  readonly clock: Clock;
  readonly data: Omit<ThreadData, 'time'>;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  /** What the function writes, line by line. */
  readonly onLine: (line: string) => void;
  readonly onExit: () => void;
}
