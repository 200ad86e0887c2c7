import { createHmac, timingSafeEqual } from 'node:crypto';
import { MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import { Simulated, answer, type Destination } from './destination.ts';

/** How old a word may be: what is older was recorded and sent again. */
const OLDEST = 5 * MINUTE;

/** A consumer with a webhook that checks what it gets as docs/consumers.md says, and drops what it holds. */
export class WebhookReceiver extends Simulated implements Destination {
  readonly kind = 'webhook';
  readonly host = 'hooks.keyturn.test';
  readonly target = 'billing-reload';
  readonly key = 'a-key-of-at-least-thirty-two-characters';
  readonly seen = new Set<string>();
  readonly #clock: Clock;
  #version: string | undefined;

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  deliverySecret(grants: readonly { secret: string; target: string }[]): string {
    return JSON.stringify({
      destinations: [
        { name: this.target, url: `https://${this.host}/keyturn?team=billing`, key: this.key, grants },
      ],
    });
  }

  async held(): Promise<string | undefined> {
    return this.#version;
  }

  protected async answer(request: Request): Promise<Response> {
    const body = await request.text();
    const timestamp = request.headers.get('keyturn-timestamp') ?? '';
    if (!this.#isSigned(`${timestamp}.${body}`, request.headers.get('keyturn-signature') ?? ''))
      return answer(401, { error: 'signature' });
    if (Math.abs(this.#clock.now() - Number(timestamp) * SECOND) > OLDEST)
      return answer(401, { error: 'timestamp' });
    const word: { delivery: string; versionId: string } = JSON.parse(body);
    this.seen.add(word.delivery);
    this.#version = word.versionId;
    return answer(200, { delivery: word.delivery });
  }

  #isSigned(text: string, signature: string): boolean {
    const expected = Buffer.from(`v1=${createHmac('sha256', this.key).update(text).digest('hex')}`);
    const given = Buffer.from(signature);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}
