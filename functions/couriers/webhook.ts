import { createHmac } from 'node:crypto';
import * as z from 'zod';
import { wordOf, type Courier, type Parcel } from '../core/delivery/courier.ts';
import { KeyturnError } from '../core/basics/errors.ts';
import { Secret } from '../core/basics/secret.ts';
import { SECOND } from '../core/basics/time.ts';
import { WebhookUrl } from '../providers/hosts.ts';
import { clientTo, destinationFor, type CourierTools } from './destinations.ts';

/** Long enough that it cannot be guessed. */
const Key = z
  .string()
  .trim()
  .min(32, 'must have at least 32 characters')
  .transform((text) => new Secret(text));
const Destination = z.strictObject({ name: z.string().min(1), url: WebhookUrl, key: Key });
const Echo = z.object({ delivery: z.string() });

/**
 * Posts word of a new value, without the value. `keyturn-signature` is `v1=` and the hexadecimal HMAC-SHA256,
 * under the destination's key, of the second in `keyturn-timestamp`, a full stop and the body. The receiver
 * refuses what is older than a few minutes, and answers with the id it was sent.
 */
export function webhookCourier(tools: CourierTools): Courier {
  return {
    kind: 'webhook',
    async carry(parcel) {
      const { url, key } = await destinationFor(parcel, tools, {
        schema: Destination,
        meant: { field: 'name', value: parcel.consumer.target },
      });
      const word = wordOf(parcel);
      const answer = await clientTo(url.origin, tools).send({
        method: 'POST',
        path: url.pathname,
        // Many a webhook is open to whoever knows its path.
        called: `the webhook ${parcel.consumer.target}`,
        query: Object.fromEntries(url.searchParams),
        headers: { 'keyturn-delivery': parcel.id, ...signed(JSON.stringify(word), key, tools.now()) },
        body: { json: word },
        // The id makes a second one harmless.
        repeatable: true,
      });
      if (echoIn(answer) !== parcel.id)
        throw new KeyturnError(
          'delivery-unconfirmed',
          `${url.host} answered ${answer.status} without the id of the delivery: let it answer with ` +
            'JSON whose field "delivery" is the one it was sent.',
        );
      return { outcome: 'proven', proof: `${url.host} repeated the id of the delivery` };
    },
  };
}

function signed(body: string, key: Secret, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / SECOND));
  const signature = createHmac('sha256', key.reveal()).update(`${timestamp}.${body}`).digest('hex');
  return { 'keyturn-timestamp': timestamp, 'keyturn-signature': `v1=${signature}` };
}

function echoIn(answer: { json<T>(schema: z.ZodType<T>): T }): Parcel['id'] | undefined {
  try {
    return answer.json(Echo).delivery;
  } catch {
    return undefined;
  }
}
