import { createHmac } from 'node:crypto';
import * as z from 'zod';
import { formatInstant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';

interface Alert {
  readonly number: number;
  readonly secret: string;
  readonly createdAt: string;
}

/** A delivery of the webhook, as GitHub posts it. */
export interface GithubDelivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface GithubAlertsOptions {
  readonly clock: Clock;
  /** What deliveries are signed with. */
  readonly webhookSecret: string;
  /** The token that may read alerts. */
  readonly token: string;
}

const AlertPath = z.string().regex(/^\/repos\/[^/]+\/[^/]+\/secret-scanning\/alerts\/\d+$/);

/**
 * The part of GitHub that tells of leaked secrets. Sources: GitHub Docs, "Webhook events and payloads"
 * (secret_scanning_alert: the alert without its secret; secret_scanning_alert_location: each further place),
 * "Creating webhooks" (the content type), "Validating webhook deliveries" (X-Hub-Signature-256 over the body
 * alone), REST API "Get a secret scanning alert" (the secret in plain text; 404 for whoever may not see it).
 */
export class GithubAlertsSimulator {
  /** A GitHub Enterprise Server: its API lies below `/api/v3`. */
  readonly host = 'github.acme.test';
  /** Requests for alerts, by path. */
  readonly asked: string[] = [];
  readonly #options: GithubAlertsOptions;
  readonly #alerts = new Map<string, Alert[]>();

  constructor(options: GithubAlertsOptions) {
    this.#options = options;
  }

  /** GitHub finds a secret in a repository, and sends the delivery that it returns. */
  find(repository: string, secret: string): GithubDelivery {
    const known = this.#alerts.get(repository) ?? [];
    const alert: Alert = { number: known.length + 1, secret, createdAt: this.#now() };
    this.#alerts.set(repository, [...known, alert]);
    return this.step(repository, alert.number, 'created');
  }

  /**
   * A step in the life of an alert, such as `publicly_leaked` or `reopened`: the alert says when it was
   * changed last.
   */
  step(repository: string, number: number, action: string): GithubDelivery {
    return this.delivery({
      action,
      alert: this.#alertShown(repository, number),
      repository: { full_name: repository },
    });
  }

  /** The value of an alert is found in another place too. */
  findAgain(repository: string, number: number, path: string): GithubDelivery {
    const location = { type: 'commit', details: { path, start_line: 1, end_line: 1 } };
    return this.delivery(
      {
        action: 'created',
        alert: this.#alertShown(repository, number),
        location,
        repository: { full_name: repository },
      },
      'secret_scanning_alert_location',
    );
  }

  /** A delivery of whatever payload, signed as GitHub signs. */
  delivery(payload: object, event = 'secret_scanning_alert'): GithubDelivery {
    return this.#signed(JSON.stringify(payload), event, 'application/json');
  }

  /** The same as a form, which is what a webhook sends unless somebody chose JSON for it. */
  form(payload: object, event = 'secret_scanning_alert'): GithubDelivery {
    return this.#signed(
      new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
      event,
      'application/x-www-form-urlencoded',
    );
  }

  #signed(body: string, event: string, contentType: string): GithubDelivery {
    const signature = createHmac('sha256', this.#options.webhookSecret).update(body).digest('hex');
    return {
      headers: {
        'content-type': contentType,
        'x-github-event': event,
        'x-hub-signature-256': `sha256=${signature}`,
        'user-agent': 'GitHub-Hookshot/1',
      },
      body,
    };
  }

  async fetch(request: Request): Promise<Response> {
    const pathname = new URL(request.url).pathname.replace(/^\/api\/v3/, '');
    this.asked.push(pathname);
    const path = AlertPath.safeParse(pathname);
    const [, , owner, name, , , number] = pathname.split('/');
    const repository = `${owner}/${name}`;
    const alert = this.#alerts.get(repository)?.find((one) => one.number === Number(number));
    const isAllowed = request.headers.get('authorization') === `Bearer ${this.#options.token}`;
    if (!path.success || !alert || !isAllowed)
      return Response.json(
        { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' },
        { status: 404 },
      );
    return Response.json({ ...this.#shown(repository, alert), secret: alert.secret, state: 'open' });
  }

  #alertShown(repository: string, number: number): object {
    const alert = this.#alerts.get(repository)?.find((one) => one.number === number);
    if (!alert) throw new Error(`There is no alert ${number} in ${repository}.`);
    return { ...this.#shown(repository, alert), updated_at: this.#now() };
  }

  #shown(repository: string, alert: Alert): object {
    return {
      number: alert.number,
      created_at: alert.createdAt,
      url: `https://${this.host}/api/v3/repos/${repository}/secret-scanning/alerts/${alert.number}`,
      secret_type: 'gitlab_access_token',
      validity: 'active',
      publicly_leaked: true,
    };
  }

  #now(): string {
    return formatInstant(this.#options.clock.now());
  }
}
