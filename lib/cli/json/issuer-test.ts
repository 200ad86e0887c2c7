import * as z from 'zod';

const StepName = z.enum(['examine', 'create', 'check', 'list', 'revoke']);

/** What `keyturn issuer test` prints. */
export const IssuerTestJson = z.strictObject({
  file: z.string(),
  faults: z
    .array(
      z.strictObject({
        line: z.number(),
        column: z.number(),
        field: z.string().meta({ description: 'empty for the file as a whole' }),
        message: z.string(),
      }),
    )
    .readonly(),
  requests: z
    .array(
      z.strictObject({
        step: StepName,
        method: z.string(),
        url: z.string(),
        headers: z.record(z.string(), z.string()),
        body: z.string().nullable(),
      }),
    )
    .readonly()
    .meta({ description: 'each request, with credentials masked; sent only with --try' }),
  steps: z
    .array(z.strictObject({ step: StepName, outcome: z.enum(['done', 'failed']), detail: z.string() }))
    .readonly()
    .meta({ description: 'what was done at the issuer; empty without --try' }),
});
export type IssuerTestJson = z.input<typeof IssuerTestJson>;
