import * as z from 'zod';
import type { Courier, Parcel } from '../core/delivery/courier.ts';
import { KeyturnError } from '../core/basics/errors.ts';
import { epochDialect } from '../providers/dialect.ts';
import { AdminSecret } from '../providers/grants.ts';
import { IssuerUrl } from '../providers/hosts.ts';
import { pathOf } from '../providers/request.ts';
import { clientTo, destinationFor, type CourierTools } from './destinations.ts';

const Destination = z.strictObject({
  url: IssuerUrl.default('https://gitlab.com'),
  token: AdminSecret,
});
/** A hidden variable is never shown again. */
const Variable = z.object({ value: z.string().nullable(), hidden: z.boolean().nullish() });

/** The variable for all environments, among those of one key. */
const SCOPE = { 'filter[environment_scope]': '*' };

/**
 * Sets a CI/CD variable of a project or group; a new one is masked. Its other settings stay as they are.
 * Source: docs.gitlab.com, "Project-level CI/CD variables API", "Group-level variables API".
 */
export function gitlabVariableCourier(tools: CourierTools): Courier {
  return {
    kind: 'gitlab-variable',
    async carry(parcel, value) {
      const { url, token } = await destinationFor(parcel, tools, { schema: Destination });
      const { collection, key } = placeOf(parcel);
      const client = clientTo(url, tools, epochDialect('ratelimit-reset'));
      const headers = { 'private-token': token };
      const secret = await value();
      const one = { path: `${collection}/${key}`, query: SCOPE, headers };
      const updated = await client.send({
        ...one,
        method: 'PUT',
        body: { json: { value: secret.reveal() } },
        accept: [404],
      });
      if (updated.status === 404)
        await client.send({
          method: 'POST',
          path: collection,
          headers,
          body: { json: { key, value: secret.reveal(), masked: true, raw: true } },
        });
      const shown = (await client.send({ ...one, method: 'GET' })).json(Variable);
      if (shown.hidden === true) return { outcome: 'proven', proof: 'GitLab took it and hides it' };
      if (shown.value !== secret.reveal())
        throw new KeyturnError(
          'issuer-response-invalid',
          `GitLab took the variable ${parcel.consumer.target} and shows another value.`,
        );
      return { outcome: 'proven', proof: 'GitLab shows the variable with the new value' };
    },
  };
}

function placeOf(parcel: Parcel): { collection: string; key: string } {
  const [place = '', key = ''] = parcel.consumer.target.split(':');
  const [kind = '', number = ''] = place.split('/');
  return { collection: `/api/v4${pathOf`/${kind}/${number}/variables`}`, key: encodeURIComponent(key) };
}
