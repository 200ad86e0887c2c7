import * as z from 'zod';
import { instantFrom } from '../core/basics/lenient-time.ts';
import type { Instant } from '../core/basics/time.ts';
import { GithubAlert } from '../use-cases/incidents/github-webhook.ts';
import type { LeakReport } from '../use-cases/incidents/leak-reports.ts';
import { parseMessage } from './message.ts';

/**
 * SHA-256 as tools write it: hexadecimal in either case, alone, behind `sha256:`, or with colons or blanks
 * between the bytes; or its 32 bytes in Base64. Comes out in small letters.
 */
const LenientDigest = z.string().transform((text, context): string => {
  const bare = text.trim().replace(/^sha-?256[:=-]\s*/i, '');
  const hex = bare.replace(/[\s:-]/g, '').toLowerCase();
  if (/^[0-9a-f]{64}$/.test(hex)) return hex;
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(bare)) return Buffer.from(bare, 'base64').toString('hex');
  context.addIssue({ code: 'custom', message: 'is no SHA-256' });
  return z.NEVER;
});

/** Scanners write the names of fields in their language's way: `sha256`, `SHA256`, `exposed_at`. */
const Detail = z
  .record(z.string(), z.unknown())
  .transform((detail) =>
    Object.fromEntries(
      Object.entries(detail).map(([name, value]) => [name.toLowerCase().replace(/[_-]/g, ''), value]),
    ),
  );

/**
 * What a scanner puts on the account's bus. Only a digest: whoever can send events learns nothing, and has to
 * know the value to start anything. A scanner cannot learn that its report was refused, so only what says
 * which credential is meant may be wrong: a report without that ends in the dead-letter queue.
 */
const ScannerEvent = z.object({
  source: z.string().min(1),
  'detail-type': z.literal('Credential Leaked'),
  detail: Detail.pipe(z.object({ sha256: LenientDigest, exposedat: z.unknown().optional() })),
});

const Message = z.union([GithubAlert, ScannerEvent]);

/**
 * What came through the queue: an event of a scanner, or an alert that `intake` passed on. Error:
 * `bad-request` names the field, never what it holds.
 */
export function leakReportIn(message: string, now: Instant): LeakReport | GithubAlert {
  const parsed = parseMessage(Message, message, 'event of a scanner');
  if ('kind' in parsed) return parsed;
  const { sha256: digest, exposedat } = parsed.detail;
  return { digest, source: `the scanner ${nameOf(parsed.source)}`, exposedAt: instantFrom(exposedat, now) };
}

/** It is shown to people: no more than a name can say. */
function nameOf(source: string): string {
  return source.replace(/[^A-Za-z0-9._/-]/g, '_').slice(0, 100);
}
