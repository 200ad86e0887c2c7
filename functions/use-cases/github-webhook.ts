import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../core/json.ts';
import type { Secret } from '../core/secret.ts';

/** A secret scanning alert of GitHub, as its webhook names it: the value is not in it. */
export const GithubAlert = z.strictObject({
  kind: z.literal('github-alert'),
  repository: z.string().regex(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/),
  number: z.number().int().positive(),
});
export type GithubAlert = z.infer<typeof GithubAlert>;

export interface Delivery {
  readonly method: string;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came: the signature covers these bytes. */
  readonly body: Buffer;
}

export interface WebhookPorts {
  /** The secret that was set for the webhook at GitHub. */
  readonly webhookSecret: () => Promise<Secret>;
  readonly send: (alert: GithubAlert) => Promise<void>;
}

export interface Answer {
  readonly status: 200 | 202 | 400 | 401 | 405 | 413;
  readonly message: string;
}

/** An alert is a few kilobytes; more is somebody who wants to be read. */
export const MOST_BYTES = 256 * 1024;

/** Source: GitHub Docs, "Webhook events and payloads", secret_scanning_alert. Of the other actions none tells of a new exposure. */
const AlertEvent = z.object({
  action: z.enum(['created', 'publicly_leaked', 'reopened']),
  alert: z.object({ number: z.number().int().positive() }),
  repository: z.object({ full_name: z.string() }),
});

/**
 * Takes a delivery of GitHub's webhook. Whoever does not know the webhook's secret learns nothing and starts nothing; a delivery that comes again
 * is told from a new one by its alert, since GitHub's signature has no time. Does not throw for anything that a stranger can send.
 */
export async function receive(delivery: Delivery, ports: WebhookPorts): Promise<Answer> {
  if (delivery.method !== 'POST') return { status: 405, message: 'Only deliveries of a GitHub webhook are taken here.' };
  if (delivery.body.length > MOST_BYTES) return { status: 413, message: 'This is more than an alert of GitHub can be.' };
  if (!isSigned(delivery, await ports.webhookSecret())) return { status: 401, message: 'The signature is missing or wrong: set the same secret for the webhook at GitHub and here.' };
  if (delivery.headers['x-github-event'] !== 'secret_scanning_alert') return { status: 200, message: 'Taken note of; only secret scanning alerts matter here.' };
  const json = parseJson(delivery.body.toString('utf8'));
  const event = AlertEvent.safeParse(json);
  if (!event.success) return isOtherAction(json) ? { status: 200, message: 'Nothing new was exposed by this.' } : { status: 400, message: 'The alert is not as GitHub documents it: send it as application/json.' };
  const alert = GithubAlert.safeParse({ kind: 'github-alert', repository: event.data.repository.full_name, number: event.data.alert.number });
  if (!alert.success) return { status: 400, message: 'The alert names no repository.' };
  await ports.send(alert.data);
  return { status: 202, message: 'Taken.' };
}

/** Source: GitHub Docs, "Validating webhook deliveries": `sha256=` and the HMAC of the body, compared in constant time. */
function isSigned({ headers, body }: Delivery, secret: Secret): boolean {
  const key = secret.reveal().trim();
  if (key === '') return false;
  const given = Buffer.from(headers['x-hub-signature-256'] ?? '');
  const expected = Buffer.from(`sha256=${createHmac('sha256', key).update(body).digest('hex')}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function isOtherAction(json: unknown): boolean {
  return z.object({ action: z.string(), alert: z.object({ number: z.number() }) }).safeParse(json).success;
}
