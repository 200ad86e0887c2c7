// What is looked for among all secrets of the account, and whose reads are watched.
import * as z from 'zod';
import { Days, NamePrefix, YesOrNo, text } from './notation.ts';

/** What counts as wrong about the inventory as a whole; looked over once a day. */
export const Discovery = z.strictObject({
  owners: z.array(text(/\S/, 'write the name of an owner')).default([]),
  prefixes: z.array(NamePrefix).default([]),
  ignore: z.array(NamePrefix).default([]),
  unusedAfter: Days.default('90d'),
  reviewEvery: Days.optional(),
});

export const Detection = z.strictObject({
  /**
   * Whether CloudTrail's events are watched; it takes a trail that logs management events, reads included.
   */
  trail: YesOrNo.default(false),
});
