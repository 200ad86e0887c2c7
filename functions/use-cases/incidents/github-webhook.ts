import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../../core/basics/json.ts';
import type { Secret } from '../../core/basics/secret.ts';

/**
 * `owner/name`. Neither part may be one that a path folds away. Source: GitHub Docs, "Create an organization
 * repository": names are cut down to these characters.
 */
const Repository = z.string().regex(/^[A-Za-z0-9_-]{1,100}\/(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}$/);

/** A secret scanning alert of GitHub, as its webhook names it: the value is not in it. */
export const GithubAlert = z.strictObject({
  kind: z.literal('github-alert'),
  repository: Repository,
  number: z.number().int().positive(),
  /** Which step in the alert's life it is: one that comes again has the same, a later one another. */
  step: z
    .string()
    .regex(/^[a-z_]{1,60}-[0-9a-f]{16}$/)
    .optional(),
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
  /**
   * The secret that was set for the webhook at GitHub. Asked for only when a delivery is signed in the right
   * form.
   */
  readonly webhookSecret: () => Promise<Secret>;
  readonly send: (alert: GithubAlert) => Promise<void>;
}

export interface Answer {
  readonly status: 200 | 202 | 400 | 401 | 405 | 413;
  readonly message: string;
}

/** An alert is a few kilobytes; more is somebody who wants to be read. */
export const MOST_BYTES = 256 * 1024;

/**
 * Source: GitHub Docs, "Webhook events and payloads": both tell of an alert, the second of each further place
 * where its value was found.
 */
const ALERT_EVENTS: readonly string[] = ['secret_scanning_alert', 'secret_scanning_alert_location'];

/**
 * Steps of an alert that expose nothing (same source). An action that is not named here may expose the value:
 * the alert is asked about.
 */
const HARMLESS: readonly string[] = ['resolved', 'validated', 'assigned', 'unassigned', 'revoked'];

/**
 * Of a further place GitHub's own schema lets the action be absent (rest-api-description,
 * "webhook-secret-scanning-alert-location-created").
 */
const NAMELESS: Readonly<Record<string, string>> = { secret_scanning_alert_location: 'created' };

const Action = z.object({
  action: z
    .string()
    .regex(/^[a-z_]{1,60}$/)
    .optional(),
});
const Names = z.object({
  alert: z.object({ number: z.number().int().positive() }),
  repository: z.object({ full_name: Repository }),
});

/**
 * Takes a delivery of GitHub's webhook. Whoever does not know the webhook's secret learns nothing and starts
 * nothing; a delivery that comes again is told from a new one by its alert and its bytes, since GitHub's
 * signature has no time. Does not throw for anything that a stranger can send.
 */
export async function receive(delivery: Delivery, ports: WebhookPorts): Promise<Answer> {
  const refused = refusedUnread(delivery);
  if (refused) return refused;
  if (!isSigned(delivery, await ports.webhookSecret())) return UNSIGNED;
  const event = delivery.headers['x-github-event'] ?? '';
  if (event === 'ping')
    return {
      status: 200,
      message:
        'Keyturn received this delivery. Let the webhook send secret scanning alerts, and their locations.',
    };
  if (!ALERT_EVENTS.includes(event))
    return { status: 200, message: 'Taken note of; only secret scanning alerts matter here.' };
  const json = payloadOf(delivery.body);
  const action = Action.safeParse(json).data?.action ?? (json === undefined ? undefined : NAMELESS[event]);
  if (action === undefined)
    return { status: 400, message: 'The alert is not as GitHub documents it: it names no action.' };
  if (HARMLESS.includes(action)) return { status: 200, message: 'Nothing new was exposed by this.' };
  const named = Names.safeParse(json);
  if (!named.success) {
    const field = named.error.issues[0]?.path.join('.') ?? '';
    return { status: 400, message: `The alert is not as GitHub documents it, at "${field}".` };
  }
  const { alert, repository } = named.data;
  await ports.send({
    kind: 'github-alert',
    repository: repository.full_name,
    number: alert.number,
    step: `${action}-${createHash('sha256').update(delivery.body).digest('hex').slice(0, 16)}`,
  });
  return { status: 202, message: 'Taken.' };
}

const UNSIGNED: Answer = {
  status: 401,
  message: 'The signature is missing or wrong: set the same secret for the webhook at GitHub and here.',
};

/** What is refused before anything is paid for: anybody may call. */
function refusedUnread({ method, headers, body }: Delivery): Answer | undefined {
  if (method !== 'POST')
    return { status: 405, message: 'Only deliveries of a GitHub webhook are taken here.' };
  if (body.length > MOST_BYTES)
    return { status: 413, message: 'This is more than an alert of GitHub can be.' };
  return /^sha256=[0-9a-f]{64}$/.test(headers['x-hub-signature-256'] ?? '') ? undefined : UNSIGNED;
}

/**
 * Source: GitHub Docs, "Validating webhook deliveries": `sha256=` and the HMAC of the body, compared in
 * constant time.
 */
function isSigned({ headers, body }: Delivery, secret: Secret): boolean {
  const key = secret.reveal().trim();
  if (key === '') return false;
  const given = Buffer.from(headers['x-hub-signature-256'] ?? '');
  const expected = Buffer.from(`sha256=${createHmac('sha256', key).update(body).digest('hex')}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * Source: GitHub Docs, "Creating webhooks": the payload comes as JSON or, by default, in the field `payload`
 * of a form.
 */
function payloadOf(body: Buffer): unknown {
  const text = body.toString('utf8');
  return parseJson(text) ?? parseJson(new URLSearchParams(text).get('payload') ?? '');
}
