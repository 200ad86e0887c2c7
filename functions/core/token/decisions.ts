import * as z from 'zod';
import { kept } from '../basics/record.ts';

/**
 * A person ended a token, or had Keyturn let go of it. Kept until its secret's rotation is switched on again.
 */
export const Ending = kept({
  /**
   * `retire`: every credential of it has to be revoked. `detach`: nothing is done with it any more, and they
   * stay active.
   */
  kind: z.enum(['retire', 'detach']),
  askedAt: z.number(),
  by: z.string(),
  endedAt: z.number().optional(),
});

export type Ending = z.infer<typeof Ending>;

/** A person looked at a token and approved of it, or did not. */
export const Review = kept({
  at: z.number(),
  /** Names the request, so that one that comes twice is one. */
  request: z.number(),
  by: z.string(),
  decision: z.enum(['approved', 'refused']),
  reason: z.string().optional(),
  /** What the token was seen to be allowed to do when it was approved, and so may do. */
  scopes: z.array(z.string()).readonly().optional(),
});

export type Review = z.infer<typeof Review>;
