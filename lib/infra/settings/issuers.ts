// Which issuers are deployed, and what differs for each.
import * as z from 'zod';
import { nearest } from '../../../functions/core/basics/nearest.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { Host, count } from './notation.ts';

const IDS = DESCRIPTORS.map((descriptor) => descriptor.id);

/** The id of an issuer that this version knows. */
export const IssuerId = z.string().refine((id) => IDS.includes(id), {
  error: ({ input }) => {
    const [near] = typeof input === 'string' ? nearest(input, IDS, 1) : [];
    return `names an unknown issuer ${JSON.stringify(input)}: write ${near ?? `one of ${IDS.join(', ')}`}`;
  },
});

/** What holds for one issuer; without an entry, what its descriptor says. */
const Issuer = z.strictObject(
  {
    /**
     * Hosts that its credentials may be sent to, instead of the vendor's own. Hosts that operators confirmed
     * come on top.
     */
    allowedHosts: z
      .array(Host)
      .min(1, "is empty: name a host, or leave it out for the vendor's own")
      .optional(),
    maxConcurrentRotations: count(1, 1_000).optional(),
    /**
     * Lambda works a queue off with no fewer than two at once (AWS Lambda Developer Guide, "Maximum
     * concurrency").
     */
    maxConcurrency: count(2, 1_000).optional(),
  },
  { error: 'must be an object: write {} for an issuer without options' },
);

const EXAMPLE = `write "issuers": {"${IDS[0] ?? ''}": {}}, or another of ${IDS.join(', ')}`;

/** The issuers that are deployed, by id. None is deployed unless it is named. */
export const Issuers = z
  .partialRecord(IssuerId, Issuer, {
    error: ({ input }) =>
      input === undefined
        ? `is missing, so no issuer would be deployed: ${EXAMPLE}`
        : `must be an object with an issuer for each key: ${EXAMPLE}`,
  })
  .refine((issuers) => Object.keys(issuers).length > 0, {
    error: `is empty, so no issuer would be deployed: ${EXAMPLE}`,
  });
