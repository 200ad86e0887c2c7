/** The applications of a simulated Okta, one for each secret, and the client secrets that they have had. */
import type { Instant } from '../../../functions/core/basics/time.ts';
import { digest, textField, type StoredSecret } from './okta-answers.ts';
import type { IssuerKnobs } from './knobs.ts';

/** An application with all client secrets of it, the deleted ones too. */
export interface App {
  /**
   * Also its client id: Okta's default.
   * Source: Okta Support, "Create an OAuth/OIDC Application with a Custom client_id and client_secret".
   */
  readonly id: string;
  readonly secretName: string;
  readonly secrets: StoredSecret[];
}

/** The applications of one organization. */
export class OktaApps {
  readonly #host: string;
  readonly #knobs: IssuerKnobs;
  readonly #now: () => Instant;
  readonly #apps = new Map<string, App>();
  #serial = 0;

  constructor(host: string, knobs: IssuerKnobs, now: () => Instant) {
    this.#host = host;
    this.#knobs = knobs;
    this.#now = now;
  }

  /** The application that serves a secret; made when it is asked for. */
  of(secretName: string): App {
    const id = `0oa${digest(secretName).slice(0, 17)}`;
    const app = this.#apps.get(id) ?? { id, secretName, secrets: [] };
    this.#apps.set(id, app);
    return app;
  }

  /** By its id; undefined for one that is not there, or whose account was deleted. */
  find(id: string): App | undefined {
    const app = this.#apps.get(id);
    return app && !this.isGone(app) ? app : undefined;
  }

  all(): IterableIterator<App> {
    return this.#apps.values();
  }

  isGone({ secretName }: App): boolean {
    return this.#knobs.gone?.has(secretName) === true;
  }

  handleOf(app: App, secret: StoredSecret): string {
    return `${this.#host}/apps/${app.id}/secrets/${secret.id}`;
  }

  /** What a stored text says of its client, or else the client that its value belongs to. */
  storedText(text: string): { clientId: string; value: string } {
    const stored: unknown = text.startsWith('{') ? JSON.parse(text) : {};
    const value = textField(stored, 'client_secret') ?? text;
    const owner = [...this.#apps.values()].find((app) =>
      app.secrets.some((secret) => secret.value === value),
    );
    return { clientId: textField(stored, 'client_id') ?? owner?.id ?? 'unknown', value };
  }

  /** A text that was not there before. */
  serial(kind: string): string {
    return digest(`${kind}/${this.#serial++}`);
  }

  add(app: App, value: string | undefined): StoredSecret {
    const serial = this.serial(app.id);
    const now = this.#now();
    const secret: StoredSecret = {
      id: `ocs${serial.slice(0, 17)}`,
      value: value ?? serial,
      createdAt: now,
      updatedAt: now,
      status: 'ACTIVE',
      deleted: false,
    };
    app.secrets.push(secret);
    return secret;
  }

  /** Deactivates and deletes it at once. */
  remove(secret: StoredSecret): void {
    if (secret.status === 'ACTIVE') this.setStatus(secret, 'INACTIVE');
    secret.deleted = true;
  }

  setStatus(secret: StoredSecret, status: StoredSecret['status']): void {
    secret.status = status;
    secret.updatedAt = this.#now();
  }
}
