import * as z from 'zod';
import { kept, keptApart } from '../basics/record.ts';

/** A credential that looks lost, waiting for a second look. */
export const Suspect = kept({ handle: z.string(), seenAt: z.number() });

const Outcome = z.enum(['active', 'inactive', 'unknown']);

/** What the last question to the issuer came to, whether it accepts the current value. */
export const Validity = keptApart(kept({ at: z.number(), outcome: Outcome, reason: z.string().optional() }), {
  words: { outcome: { of: Outcome, instead: { outcome: 'unknown' } } },
});

export type Validity = z.infer<typeof Validity>;
