import * as z from 'zod';
import { kept } from '../basics/record.ts';

/**
 * A credential that outsiders have, or may have, by every name it is known under: one may be stored again
 * under another version.
 */
export const Exposed = kept({
  id: z.string(),
  handle: z.string().optional(),
  createdAt: z.number().optional(),
  fingerprint: z.string().optional(),
});

export type Exposed = z.infer<typeof Exposed>;

/** A leak of one or more credentials of a token, and how far the answer to it is. Kept 90 days. */
export const Incident = kept({
  id: z.string(),
  exposed: z.array(Exposed).readonly(),
  /** Who found it, such as a scanner, in words for people. */
  source: z.string(),
  /** When outsiders could first read it, where that is known. */
  exposedAt: z.number().optional(),
  reportedAt: z.number(),
  /** Nothing is done until a person says so: too many reports came at once. */
  held: z.boolean().optional(),
  /** When the revocation of the last leaked credential was verified. */
  containedAt: z.number().optional(),
  /** Since when the token has a current credential that did not leak. */
  replacedAt: z.number().optional(),
  /** When consumers had no further use for an exposed one. */
  movedAt: z.number().optional(),
  /** When each of these was last found to be so no more. */
  withdrawn: kept({
    containedAt: z.number().optional(),
    replacedAt: z.number().optional(),
    movedAt: z.number().optional(),
  }).optional(),
  /**
   * When an exposed one became current again after it was replaced, within a day; so often that a person is
   * asked, it is `held`.
   */
  returns: z.array(z.number()).readonly().optional(),
});

export type Incident = z.infer<typeof Incident>;
