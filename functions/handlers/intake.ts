import * as z from 'zod';
import { secretsManagerClient, sqsClient } from '../adapters/aws-clients.ts';
import { lambdaLog } from '../adapters/log.ts';
import { secretsManagerStore } from '../adapters/secrets-manager/store.ts';
import { sqsMessages } from '../adapters/sqs-messages.ts';
import { KeyturnError } from '../core/basics/errors.ts';
import { MINUTE, SECOND } from '../core/basics/time.ts';
import { receive, type WebhookPorts } from '../use-cases/incidents/github-webhook.ts';
import { once, parseEnv } from './cold-start.ts';
import { kept } from './cached-read.ts';
import { IntakeEnv } from './intake.env.ts';
import { reported } from './report.ts';

const LOG = lambdaLog();

/**
 * What a function URL sends. Source: AWS Lambda Developer Guide, "Invoking Lambda function URLs", payload
 * format version 2.0.
 */
const UrlEvent = z.object({
  version: z.literal('2.0'),
  headers: z.record(z.string(), z.string()),
  body: z.string().default(''),
  isBase64Encoded: z.boolean(),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
});

/**
 * Anybody can send what looks like a delivery: that must not become a call of Secrets Manager each time. A
 * new secret is known within this time.
 */
const KEPT = { length: MINUTE, pause: 10 * SECOND, now: Date.now };

const setUp = once((): WebhookPorts => {
  const env = parseEnv(IntakeEnv, process.env);
  const secrets = secretsManagerStore(secretsManagerClient());
  return {
    webhookSecret: kept(() => secrets.readAdmin(env.WEBHOOK_SECRET), KEPT),
    send: sqsMessages(sqsClient(), env.REPORTS_QUEUE_URL),
  };
});

/**
 * `intake`: GitHub's webhook, by a function URL. Anybody may call it; it can check a signature and pass on
 * the number of an alert, and nothing else.
 */
export function handler(
  event: unknown,
): Promise<{ statusCode: number; headers: Record<string, string>; body: string }> {
  return reported(LOG, async () => {
    const request = UrlEvent.safeParse(event);
    if (!request.success)
      throw new KeyturnError(
        'bad-request',
        'The event is no request of a function URL: only GitHub calls this function.',
      );
    const { headers, body, isBase64Encoded, requestContext } = request.data;
    const { status, message } = await receive(
      {
        method: requestContext.http.method,
        headers,
        body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
      },
      setUp(),
    );
    LOG.info('a delivery was answered', { status });
    return {
      statusCode: status,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message }),
    };
  });
}
