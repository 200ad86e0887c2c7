import * as z from 'zod';
import { CONSUMER_KINDS } from './consumers.ts';

/** One thing that shows that consumers moved off a generation: by the issuer, or by the consumer of that name. */
export const Ground = z.strictObject({ by: z.string(), what: z.string(), at: z.number().optional() });
export type Ground = z.infer<typeof Ground>;

/** On what a generation was retired. `strong`: what the issuer saw; `weak`: what consumers did or said; `time`: nothing but grace; `forced`: at most grace, without evidence. */
export const Evidence = z.strictObject({ at: z.number(), strength: z.enum(['strong', 'weak', 'time', 'forced']), grounds: z.array(Ground).readonly() });
export type Evidence = z.infer<typeof Evidence>;

/** Who has not moved off a generation, as far as is known, and when and from where it last read the secret. */
export const Laggard = z.strictObject({ who: z.string(), why: z.string(), since: z.number(), lastReadAt: z.number().optional(), from: z.string().optional() });
export type Laggard = z.infer<typeof Laggard>;

/** What became of bringing one generation to one consumer. Never holds a value. */
export const Delivery = z.strictObject({
  generationId: z.string(),
  /** Which promotion made it current: after a rollback the same generation is brought again. */
  promotedAt: z.number(),
  /** A person wants it brought again, whatever had arrived: the request, which names it, and since when. */
  asked: z.strictObject({ request: z.number(), at: z.number() }).optional(),
  /** `sent`: the destination took it and the proof is awaited. `failed`: told of, and still tried, ever more rarely. */
  state: z.enum(['pending', 'sent', 'proven', 'failed']),
  /** Tries that failed in a row. */
  tries: z.number().int().nonnegative(),
  sentAt: z.number().optional(),
  provenAt: z.number().optional(),
  /** No need to look at it again before this. */
  lookAt: z.number().optional(),
  /** By what the destination knows it, such as the id of a deployment. */
  receipt: z.string().optional(),
  problem: z.strictObject({ code: z.string(), message: z.string(), lasting: z.boolean() }).optional(),
});
export type Delivery = z.infer<typeof Delivery>;

/** A version of a service and the generation it was deployed with. */
export const ServiceUse = z.strictObject({ version: z.string(), generationId: z.string(), notedAt: z.number(), by: z.string(), releasedAt: z.number().optional() });
export type ServiceUse = z.infer<typeof ServiceUse>;

/** Who uses the token: declared by its tags, with what is known of its move to the current generation. */
export const Consumer = z.strictObject({
  name: z.string(),
  kind: CONSUMER_KINDS,
  target: z.string(),
  /** Its declaration cannot be read. */
  unreadable: z.literal(true).optional(),
  delivery: Delivery.optional(),
  /** While this lies ahead, one run brings something to it and no other may: an older value would arrive last. */
  busyUntil: z.number().optional(),
  /** Somebody said that it uses this generation. */
  acknowledged: z.strictObject({ generationId: z.string(), at: z.number(), by: z.string() }).optional(),
  uses: z.array(ServiceUse).readonly().optional(),
});
export type Consumer = z.infer<typeof Consumer>;
