import * as z from 'zod';
import { MaybeText, Texts } from './basics.ts';

const Fault = z.strictObject({
  line: z.number(),
  column: z.number(),
  field: z.string().meta({ description: 'such as tokens[0].policy.maxAge; empty for the file as a whole' }),
  message: z.string(),
});

/** What is to be done with one secret. */
const Plan = z.strictObject({
  secret: z.string(),
  action: z.enum(['create', 'change', 'none', 'refuse']),
  changes: z.array(z.strictObject({ what: z.string(), from: MaybeText, to: MaybeText })).readonly(),
  reason: MaybeText,
  warnings: Texts,
});
export type PlanJson = z.input<typeof Plan>;

/** What `keyturn validate` and `keyturn plan` print. */
export const ManifestJson = z.strictObject({
  faults: z.array(Fault).readonly(),
  plan: z.array(Plan).readonly(),
});
export type ManifestJson = z.input<typeof ManifestJson>;

/** What `keyturn apply` prints. */
export const ApplyJson = ManifestJson.extend({
  applied: Texts.meta({ description: 'secrets that were made or changed' }),
  failed: z.array(z.strictObject({ secret: z.string(), reason: z.string() })).readonly(),
  inspected: z
    .array(z.strictObject({ secret: z.string(), usable: z.boolean().nullable(), problem: MaybeText }))
    .readonly()
    .meta({ description: 'with --wait: what the first inspection found; null where there was none in time' }),
});
export type ApplyJson = z.input<typeof ApplyJson>;
