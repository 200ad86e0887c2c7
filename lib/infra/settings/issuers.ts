// Which issuers are deployed, and what differs for each.
import * as z from 'zod';
import { OWN_ID_FIX, isMeantAsOwn, isOwnId } from '../../../functions/core/issuer/own-issuers.ts';
import { nearest } from '../../../functions/core/basics/nearest.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { Host, count, text } from './notation.ts';

const IDS = DESCRIPTORS.map((descriptor) => descriptor.id);

/** The id of an issuer that this version knows, or of one that a user declares in a file. */
export const IssuerId = z.string().refine((id) => IDS.includes(id) || isOwnId(id), {
  error: ({ input }) => {
    if (typeof input === 'string' && isMeantAsOwn(input)) return `is ${JSON.stringify(input)}: ${OWN_ID_FIX}`;
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
    /**
     * Path of the file that declares an issuer of the user's own, YAML or JSON, relative to the settings.
     */
    file: text(/\S/, 'write the path of a file, like issuers/own-hub.yaml').optional(),
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
  .superRefine((issuers, context) => {
    for (const [id, issuer = {}] of Object.entries(issuers)) {
      const message = isOwnId(id) ? ownFault(id, issuer) : shippedFault(id, issuer);
      if (message !== undefined) context.addIssue({ code: 'custom', path: [id], message });
    }
  })
  .refine((issuers) => Object.keys(issuers).length > 0, {
    error: `is empty, so no issuer would be deployed: ${EXAMPLE}`,
  });

/** Its hosts come from here alone: neither its file nor an admin secret names one. */
function ownFault(id: string, { file, allowedHosts }: z.output<typeof Issuer>): string | undefined {
  if (file === undefined)
    return `is an issuer of your own: write "file": "issuers/${id}.yaml", the path of what declares it`;
  if (allowedHosts === undefined)
    return (
      'is an issuer of your own: write "allowedHosts": ["hub.example.com"], since nothing else names its ' +
      'hosts'
    );
  return undefined;
}

function shippedFault(id: string, { file }: z.output<typeof Issuer>): string | undefined {
  return file === undefined
    ? undefined
    : `is an issuer that comes with Keyturn: leave file out, or name yours own-${id.slice(0, 16)}`;
}
