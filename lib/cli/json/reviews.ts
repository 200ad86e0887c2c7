import * as z from 'zod';
import { MaybeText, MaybeTime, MaybeValidity, Texts, Time } from './basics.ts';

/** One token in an access review. */
const ReviewRow = z.strictObject({
  name: z.string(),
  id: z.string(),
  owner: z.string(),
  environment: z.string(),
  issuer: z.string(),
  purpose: z.string(),
  validity: MaybeValidity,
  scopes: Texts.nullable().meta({
    description: 'what the issuer says that it may do; null where it does not say',
  }),
  allowed: Texts.nullable().meta({ description: 'what its policy allows; null for anything' }),
  approved: Texts.nullable().meta({ description: 'what a person approved' }),
  usedAt: MaybeTime.meta({ description: 'the last use by anybody but Keyturn, where the issuer tells' }),
  consumers: Texts,
  readers: Texts.meta({
    description: 'who was seen to read its secret, the latest first; empty without a trail',
  }),
  readAt: MaybeTime,
  unrecognized: Texts.meta({ description: 'active credentials beside it that it does not know' }),
  findings: Texts,
  decision: z.enum(['approved', 'rejected']).nullable(),
  decidedAt: MaybeTime,
  decidedBy: MaybeText,
  reason: MaybeText,
});
export type ReviewRowJson = z.input<typeof ReviewRow>;

const Unmanaged = z.strictObject({
  name: z.string(),
  why: z.string(),
  owner: MaybeText,
  createdAt: MaybeText.meta({ description: 'a day' }),
  accessedAt: MaybeText.meta({ description: 'a day' }),
});

const Survey = z
  .strictObject({
    at: Time,
    secrets: z.number(),
    count: z.number(),
    first: z.array(Unmanaged).readonly(),
  })
  .nullable()
  .meta({
    description: 'secrets that may hold API tokens and are not registered; null before discovery ran',
  });
export type SurveyJson = z.input<typeof Survey>;

/** What `keyturn review list` prints. */
export const ReviewsJson = z.strictObject({ tokens: z.array(ReviewRow).readonly(), unmanaged: Survey });
export type ReviewsJson = z.input<typeof ReviewsJson>;

/** What `keyturn review list --each` prints. */
export const DecidedJson = z.strictObject({ decided: z.number(), of: z.number() });
export type DecidedJson = z.input<typeof DecidedJson>;
