// What is kept for how long, what stays when the stack is deleted, and what a new one takes over.
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { KmsKeyArn } from './notation.ts';

const LOG_DAYS = Object.values(RetentionDays).filter(
  (days) => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

export const Retention = z.strictObject({
  logDays: z
    .enum(RetentionDays, { error: `write a number of days that CloudWatch knows: ${LOG_DAYS.join(', ')}` })
    .default(RetentionDays.THREE_MONTHS),
  /**
   * What happens to the table and both keys when the stack is deleted; the words are those of RemovalPolicy
   * in the AWS CDK API reference.
   */
  removalPolicy: z.enum(['retain', 'destroy'], { error: 'write "retain" or "destroy"' }).default('retain'),
});

/**
 * Keys that an earlier deployment left behind: with them a new one reads the old table and knows its own
 * seals.
 */
export const Reuse = z.strictObject({ dataKeyArn: KmsKeyArn.optional(), hmacKeyArn: KmsKeyArn.optional() });
