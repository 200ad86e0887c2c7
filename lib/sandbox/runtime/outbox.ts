import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Instant } from '../../../functions/core/time.ts';

/** A mail as its reader gets it. */
export interface Mail {
  readonly at: Instant;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Path of its file. */
  readonly file: string;
}

/** An event as PagerDuty's Events API v2 receives it, without the routing key. */
export const PagerEvent = z.looseObject({
  event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
  dedup_key: z.string(),
  payload: z.looseObject({ summary: z.string(), source: z.string(), severity: z.enum(['critical', 'error', 'warning', 'info']) }).optional(),
});
export type PagerEvent = z.infer<typeof PagerEvent> & { readonly at: Instant };
