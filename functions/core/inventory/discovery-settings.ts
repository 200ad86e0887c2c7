/** What the settings say of discovery: known owners, limits, and names of secrets that hold tokens. */
import * as z from 'zod';
import { DAY } from '../basics/time.ts';

/** What a deployment says of its estate. */
export const DiscoverySettings = z.strictObject({
  /** Owners there are; any name goes where none is given. */
  owners: z.array(z.string()).readonly().default([]),
  /** A token that nobody used for so long is told of. */
  unusedAfter: z
    .number()
    .positive()
    .default(90 * DAY),
  /** Names that begin so are secrets with tokens, whatever else they say. */
  prefixes: z.array(z.string()).readonly().default([]),
  /** And so are not. */
  ignore: z.array(z.string()).readonly().default([]),
  /** A token has to be approved again after so long; never where it is not given. */
  reviewEvery: z.number().positive().optional(),
  /** Whether a trail tells who reads which token. */
  trail: z.boolean().default(false),
});

export type DiscoverySettings = z.output<typeof DiscoverySettings>;
