/** What the settings say of discovery: known owners, limits, and names of secrets that hold tokens. */
import * as z from 'zod';
import { DAY } from '../basics/time.ts';

/** What the settings of an installation say of discovery. */
export const DiscoverySettings = z.strictObject({
  /** The known owners. Where none is given, any name is accepted. */
  owners: z.array(z.string()).readonly().default([]),
  /** A token without use for so long is reported. */
  unusedAfter: z
    .number()
    .positive()
    .default(90 * DAY),
  /** Names that begin so are secrets with tokens, whatever else they say. */
  prefixes: z.array(z.string()).readonly().default([]),
  /** Names that begin so are secrets without tokens. */
  ignore: z.array(z.string()).readonly().default([]),
  /** A token has to be approved again after so long. Never where it is not given. */
  reviewEvery: z.number().positive().optional(),
  /** Whether CloudTrail shows who reads which token. */
  trail: z.boolean().default(false),
});

export type DiscoverySettings = z.output<typeof DiscoverySettings>;
