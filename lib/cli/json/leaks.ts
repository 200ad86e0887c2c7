import * as z from 'zod';
import { Owned } from '../../../functions/core/incidents/leak-reports.ts';
import { MaybeTime, Texts, Time } from './basics.ts';

const Seconds = z.number().nullable().meta({ description: 'seconds since the report; null until then' });

/** The answer to one leak. */
export const IncidentJson = z.strictObject({
  id: z.string(),
  source: z.string(),
  state: z.enum(['waiting', 'open', 'over']),
  credentials: Texts,
  exposedAt: MaybeTime,
  reportedAt: Time,
  detectedAfter: z
    .number()
    .nullable()
    .meta({ description: 'seconds from exposure to report; null where it is not known' }),
  containedAfter: Seconds,
  replacedAfter: Seconds,
  consumersMovedAfter: Seconds,
});
export type IncidentJson = z.input<typeof IncidentJson>;

/** One token whose credential was reported. */
const Leaked = z.strictObject({
  id: z.string(),
  name: z.string(),
  state: Owned.shape.state,
  outcome: z.enum(['asked', 'done', 'failed', 'unfinished', 'none']).meta({
    description: 'none where nothing is done: it is revoked, or Keyturn no longer manages the token',
  }),
  detail: z.string(),
});
export type LeakedJson = z.input<typeof Leaked>;

/** What `keyturn report-leak` prints. */
export const LeaksJson = z.strictObject({ tokens: z.array(Leaked).readonly() });
export type LeaksJson = z.input<typeof LeaksJson>;
