import * as z from 'zod';
import { CONSUMER_KINDS } from './consumer-kinds.ts';
import { kept, keptApart } from '../basics/record.ts';

/** One sign that consumers moved off a credential: from the issuer, or from the consumer of that name. */
export const Ground = kept({ by: z.string(), what: z.string(), at: z.number().optional() });
export type Ground = z.infer<typeof Ground>;

const Strength = z.enum(['strong', 'weak', 'time', 'forced']);

/**
 * On what evidence a credential was revoked. `strong`: what the issuer saw. `weak`: what consumers did or
 * said. `time`: the grace period alone. `forced`: at the maximum grace period, without evidence.
 */
export const Evidence = keptApart(
  kept({ at: z.number(), strength: Strength, grounds: z.array(Ground).readonly() }),
  { words: { strength: { of: Strength, instead: { strength: 'time' } } } },
);
export type Evidence = z.infer<typeof Evidence>;

/**
 * A consumer that has not moved off a credential, as far as is known, and when and from where it last read
 * the secret.
 */
export const PendingConsumer = kept({
  who: z.string(),
  why: z.string(),
  since: z.number(),
  lastReadAt: z.number().optional(),
  from: z.string().optional(),
});
export type PendingConsumer = z.infer<typeof PendingConsumer>;

const DeliveryState = z.enum(['pending', 'sent', 'proven', 'failed']);

/** What became of the delivery of one credential to one consumer. Never holds a value. */
const DeliveryMembers = kept({
  credentialId: z.string(),
  /** Which promotion made it current: after a rollback the same credential is delivered again. */
  promotedAt: z.number(),
  /** A person wants it brought again, whatever had arrived: the request, which names it, and since when. */
  asked: kept({ request: z.number(), at: z.number() }).optional(),
  /**
   * `sent`: the destination took it and the proof is awaited. `failed`: reported, and still tried, ever more
   * rarely.
   */
  state: DeliveryState,
  /** Tries that failed in a row. */
  tries: z.number().int().nonnegative(),
  sentAt: z.number().optional(),
  provenAt: z.number().optional(),
  /** No need to look at it again before this. */
  lookAt: z.number().optional(),
  /** By what the destination knows it, such as the id of a deployment. */
  receipt: z.string().optional(),
  problem: kept({ code: z.string(), message: z.string(), lasting: z.boolean() }).optional(),
});
/** One in a state that is not known is brought once more. */
export const Delivery = keptApart(DeliveryMembers, {
  words: { state: { of: DeliveryState, instead: { state: 'pending' } } },
});
export type Delivery = z.infer<typeof Delivery>;

/** A version of a service and the credential it was deployed with. */
export const ServiceUse = kept({
  version: z.string(),
  credentialId: z.string(),
  notedAt: z.number(),
  by: z.string(),
  releasedAt: z.number().optional(),
});
export type ServiceUse = z.infer<typeof ServiceUse>;

/** Who uses the token: declared by its tags, with what is known of its move to the current credential. */
const ConsumerMembers = kept({
  name: z.string(),
  kind: CONSUMER_KINDS,
  target: z.string(),
  /** Its declaration cannot be read. */
  unreadable: z.literal(true).optional(),
  delivery: Delivery.optional(),
  /**
   * While this lies ahead, one run brings something to it and no other may: an older value would arrive last.
   */
  busyUntil: z.number().optional(),
  /** A person or a pipeline said that it uses this credential. */
  acknowledged: kept({ credentialId: z.string(), at: z.number(), by: z.string() }).optional(),
  uses: z.array(ServiceUse).readonly().optional(),
});
/** One of a kind that is not known holds old credentials, as one whose declaration cannot be read. */
export const Consumer = keptApart(ConsumerMembers, {
  words: { kind: { of: CONSUMER_KINDS, instead: { kind: 'ack', unreadable: true } } },
});
export type Consumer = z.infer<typeof Consumer>;
