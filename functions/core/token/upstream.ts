import * as z from 'zod';
import { kept } from '../basics/record.ts';

/** What was seen of the token that has to be rotated first. */
export const Upstream = kept({
  /** As the policy names it. */
  name: z.string(),
  seenAt: z.number(),
  /** When its current credential became current, if Keyturn made it. */
  rotatedAt: z.number().optional(),
  /** What is wrong with it, in one sentence. */
  trouble: z.string().optional(),
});

export type Upstream = z.infer<typeof Upstream>;
