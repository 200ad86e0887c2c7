import * as z from 'zod';
import { MaybeText, MaybeTime, Texts, Time } from './basics.ts';

/** A consumer of a token. */
export const ConsumerJson = z.strictObject({
  name: z.string(),
  kind: z.string(),
  target: z.string(),
  currentSince: MaybeTime.meta({
    description: 'when it got or confirmed the current credential; null while that is not known',
  }),
  delivery: z.strictObject({ state: z.string(), problem: MaybeText }).nullable(),
  confirmedBy: MaybeText,
  versions: Texts.meta({
    description: 'versions of a service that were recorded as deployed, and not as undeployed',
  }),
});
export type ConsumerJson = z.input<typeof ConsumerJson>;

/** One reader of a secret. */
export const ReaderJson = z.strictObject({
  principal: z.string(),
  network: z.string(),
  lastReadAt: MaybeTime,
  credential: z
    .enum(['current', 'older', 'unknown'])
    .meta({ description: 'unknown where the record could not tell which version it was' }),
  known: z.boolean().meta({ description: 'false for one that stands out and was not dismissed' }),
});
export type ReaderJson = z.input<typeof ReaderJson>;

/** What `keyturn consumer list` prints. */
export const ConsumersJson = z.strictObject({
  id: z.string(),
  name: z.string(),
  consumers: z.array(ConsumerJson).readonly(),
});
export type ConsumersJson = z.input<typeof ConsumersJson>;

/** What `keyturn consumer record-undeployment` prints. */
export const UndeploymentJson = z.strictObject({
  request: z.literal('consumer record-undeployment'),
  service: z.string(),
  version: z.string(),
  tokens: Texts,
  notAfter: Time,
});
export type UndeploymentJson = z.input<typeof UndeploymentJson>;
