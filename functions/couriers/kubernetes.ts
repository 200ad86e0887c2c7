import * as z from 'zod';
import type { Courier } from '../core/delivery/courier.ts';
import { KeyturnError } from '../core/basics/errors.ts';
import { AdminSecret } from '../providers/grants.ts';
import { IssuerUrl } from '../providers/hosts.ts';
import { bearer, pathOf } from '../providers/request.ts';
import { clientTo, destinationFor, type CourierTools } from './destinations.ts';

const Destination = z.strictObject({
  cluster: z.string().min(1),
  url: IssuerUrl,
  token: AdminSecret,
});
/** Nothing in the answer is passed on: whoever gives it was sent the value. */
const Patched = z.object({ data: z.unknown() });

/**
 * Sets one key of a Secret that is there; everything else in it stays. Source: kubernetes.io, API reference,
 * "Secret": data is base64; "Update API objects in place": a merge patch changes what it names. Whether pods
 * take it up without a restart depends on how they mount it.
 */
export function kubernetesCourier(tools: CourierTools): Courier {
  return {
    kind: 'kubernetes',
    async carry(parcel, value) {
      const [cluster = '', namespace = '', name = '', key = ''] = parcel.consumer.target.split('/');
      const { url, token } = await destinationFor(parcel, tools, {
        schema: Destination,
        meant: { field: 'cluster', value: cluster },
      });
      const encoded = Buffer.from((await value()).reveal()).toString('base64');
      const answer = await clientTo(url, tools).send({
        method: 'PATCH',
        path: pathOf`/api/v1/namespaces/${namespace}/secrets/${name}`,
        query: { fieldManager: 'keyturn' },
        headers: { authorization: bearer(token), 'content-type': 'application/merge-patch+json' },
        body: { json: { data: { [key]: encoded } } },
        repeatable: true,
      });
      const { data } = answer.json(Patched);
      if (valueOf(data, key) !== encoded)
        throw new KeyturnError(
          'issuer-response-invalid',
          `The API server of ${cluster} took the secret ${namespace}/${name} and shows another value.`,
        );
      return { outcome: 'proven', proof: 'the API server shows the new value' };
    },
  };
}

/**
 * Looked up by name: a schema of all keys would name one of them in an error, and whoever answers chooses
 * them.
 */
function valueOf(data: unknown, key: string): unknown {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, key)
    ? Reflect.get(data, key)
    : undefined;
}
