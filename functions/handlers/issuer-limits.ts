import type * as z from 'zod';
import type { IssuerLimits } from './issuers.env.ts';

/** What a provider that nothing is said of bears. */
const UNKNOWN = 60;

/** Inspections a minute, by provider. */
export function inspectionsIn(limits: z.output<typeof IssuerLimits>): (provider: string) => number {
  return (provider) => limits[provider]?.inspectionsPerMinute ?? UNKNOWN;
}
