import * as z from 'zod';
import { Digest } from '../core/leaks.ts';
import { GithubAlert } from '../use-cases/github-webhook.ts';
import type { LeakReport } from '../use-cases/leaks.ts';
import { parseMessage } from './message.ts';

/** What a scanner puts on the account's bus. Only a digest: whoever can send events learns nothing, and has to know the value to start anything. */
const ScannerEvent = z.object({
  source: z.string().regex(/^[A-Za-z0-9._/-]{1,100}$/),
  'detail-type': z.literal('Credential Leaked'),
  detail: z.object({ sha256: Digest, exposedAt: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)).optional() }),
});

const Message = z.union([GithubAlert, ScannerEvent]);

/** What came through the queue: an event of a scanner, or an alert that `intake` passed on. Error: `bad-request` names the field, never what it holds. */
export function leakReportIn(message: string): LeakReport | GithubAlert {
  const parsed = parseMessage(Message, message, 'event of a scanner');
  if ('kind' in parsed) return parsed;
  return { digest: parsed.detail.sha256, source: `the scanner ${parsed.source}`, exposedAt: parsed.detail.exposedAt };
}
