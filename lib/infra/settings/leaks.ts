// Who may report that a credential leaked, and how many such reports are believed.
import * as z from 'zod';
import { SecretName, count, httpsUrl, interval, text } from './notation.ts';

/** Of more reports of scanners than this, a person has to say that they are real. */
const RateLimit = z.strictObject({
  max: count(1, 1_000).default(10),
  per: interval({ min: 1, max: 1440 }).default('10m'),
});

/** GitHub's secret scanning: alerts come by a webhook, values are read by REST. */
const Github = z.strictObject({
  /** Name of the secret with the text that GitHub signs deliveries with. */
  webhookSecret: SecretName,
  /** Name of the secret with a token that may read secret scanning alerts. */
  tokenSecret: SecretName,
  apiUrl: httpsUrl('https://github.example.com/api/v3').default('https://api.github.com'),
});

export const Leaks = z.strictObject({
  /** Sources of events "Credential Leaked" on the account's bus that are believed. */
  sources: z
    .array(
      text(
        /^[A-Za-z0-9._/-]{1,100}$/,
        'write the source of an EventBridge event, like com.example.scanner',
      ).refine((source) => !source.startsWith('aws.'), {
        error: 'names a service of AWS: write the source of your own scanner',
      }),
    )
    .default([]),
  rateLimit: RateLimit.prefault({}),
  /** Opens a public function URL for the webhook. */
  github: Github.optional(),
});
