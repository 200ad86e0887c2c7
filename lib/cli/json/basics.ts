import * as z from 'zod';

/** A point in time as ISO 8601 in UTC. */
export const Time = z.string().meta({ description: 'ISO 8601 in UTC' });

/** A point in time; null when unknown or not to come. */
export const MaybeTime = Time.nullable();
export type Iso = z.input<typeof MaybeTime>;

/** A text; null where there is none. */
export const MaybeText = z.string().nullable();

/** A list of texts. */
export const Texts = z.array(z.string()).readonly();

/** Whether the issuer accepts the current credential; null while there is none. */
export const MaybeValidity = z.enum(['active', 'inactive', 'unknown']).nullable();
