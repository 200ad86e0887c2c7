import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Mail as SentMail } from '../aws/sns/topic.ts';

/** A mail as its reader gets it. */
export interface Mail {
  readonly at: Instant;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Path of its file. */
  readonly file: string;
}

const Event = z.looseObject({
  routing_key: z.string(),
  event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
  dedup_key: z.string().max(255).optional(),
  payload: z
    .looseObject({
      summary: z.string().max(1024),
      source: z.string(),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
    })
    .optional(),
});

/** An event as PagerDuty's Events API v2 takes it. */
export interface PagerEvent {
  readonly at: Instant;
  readonly action: 'trigger' | 'acknowledge' | 'resolve';
  readonly dedupKey: string;
  readonly summary: string | undefined;
  readonly severity: string | undefined;
}

export interface OutboxSettings {
  readonly folder: string;
  readonly now: () => Instant;
  /** The routing key that PagerDuty knows. */
  readonly routingKey: string;
}

/** Where what Keyturn tells people ends up: mail in files, pages at a simulated PagerDuty. */
export class Outbox {
  readonly mails: Mail[] = [];
  readonly pages: PagerEvent[] = [];
  readonly #settings: OutboxSettings;

  constructor(settings: OutboxSettings) {
    this.#settings = settings;
    mkdirSync(join(settings.folder, 'mail'), { recursive: true });
  }

  deliver({ at, to, subject, text }: SentMail): void {
    const number = String(this.mails.length + 1).padStart(4, '0');
    const slug = subject
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 60);
    const file = join(this.#settings.folder, 'mail', `${number}-${slug}.eml`);
    const head = [
      `Date: ${new Date(at).toUTCString()}`,
      'From: AWS Notifications <no-reply@sns.amazonaws.com>',
      `To: ${to}`,
      `Subject: ${subject}`,
      'Content-Type: text/plain; charset=utf-8',
    ];
    writeFileSync(file, `${head.join('\n')}\n\n${text}\n`);
    this.mails.push({ at, to, subject, text, file });
  }

  /** PagerDuty's events endpoint. Source: PagerDuty developer documentation, "Send an Alert Event". */
  async page(request: Request): Promise<Response> {
    if (request.method !== 'POST' || new URL(request.url).pathname !== '/v2/enqueue')
      return Response.json({ error: 'Not Found' }, { status: 404 });
    const parsed = Event.safeParse(await request.json().catch(() => undefined));
    if (!parsed.success)
      return refusal(parsed.error.issues.map((issue) => `'${issue.path.join('.')}' is missing or invalid`));
    const { routing_key, event_action, dedup_key, payload } = parsed.data;
    if (routing_key !== this.#settings.routingKey) return refusal(["'routing_key' is missing or invalid"]);
    if (event_action === 'trigger' ? payload === undefined : dedup_key === undefined)
      return refusal([`'${event_action === 'trigger' ? 'payload' : 'dedup_key'}' is missing or blank`]);
    const dedupKey = dedup_key ?? `sandbox-${this.pages.length + 1}`;
    const event: PagerEvent = {
      at: this.#settings.now(),
      action: event_action,
      dedupKey,
      summary: payload?.summary,
      severity: payload?.severity,
    };
    this.pages.push(event);
    appendFileSync(join(this.#settings.folder, 'pages.jsonl'), `${JSON.stringify(event)}\n`);
    return Response.json(
      { status: 'success', message: 'Event processed', dedup_key: dedupKey },
      { status: 202 },
    );
  }
}

function refusal(errors: string[]): Response {
  return Response.json(
    { status: 'invalid event', message: 'Event object is invalid', errors },
    { status: 400 },
  );
}
