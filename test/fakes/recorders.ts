import type { AlertMessage } from '../../functions/core/alerts/alert-message.ts';
import type { AlertTopic } from '../../functions/core/alerts/alert-message.ts';
import type { Log } from '../../functions/core/ports/log.ts';

export interface RecordingLog extends Log {
  readonly lines: string[];
}

/** A log that keeps its lines, so that tests can look for what must not be there. */
export function recordingLog(): RecordingLog {
  const lines: string[] = [];
  const write = (level: string) => (message: string, fields?: object) =>
    void lines.push(JSON.stringify({ level, message, ...fields }));
  return { lines, info: write('info'), warn: write('warn'), error: write('error') };
}

export interface RecordingTopic extends AlertTopic {
  readonly messages: AlertMessage[];
}

export function recordingTopic(): RecordingTopic {
  const messages: AlertMessage[] = [];
  return { messages, publish: async (message) => void messages.push(message) };
}
