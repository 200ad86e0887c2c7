import * as z from 'zod';

/**
 * What CloudWatch tells a topic when an alarm changes its state; other fields are left alone.
 * Source: Amazon CloudWatch user guide, "Notifying users on alarm changes".
 */
export const AlarmNotice = z.object({
  AlarmName: z.string().min(1),
  AlarmDescription: z.string().nullish(),
  NewStateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  NewStateReason: z.string().default(''),
  /** CloudWatch writes the offset without a colon, which ISO 8601 does not. */
  StateChangeTime: z.string().transform((text, context) => {
    const at = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
    if (Number.isFinite(at)) return at;
    context.addIssue({ code: 'custom', message: 'is no time' });
    return z.NEVER;
  }),
  Region: z.string().default(''),
});
export type AlarmNotice = z.output<typeof AlarmNotice>;
