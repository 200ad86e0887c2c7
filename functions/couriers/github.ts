import * as z from 'zod';
import type { Courier, Parcel } from '../core/delivery/courier.ts';
import { KeyturnError } from '../core/basics/errors.ts';
import type { Secret } from '../core/basics/secret.ts';
import { MINUTE, SECOND, type Instant } from '../core/basics/time.ts';
import { epochDialect, type Dialect } from '../providers/dialect.ts';
import { AdminSecret } from '../providers/grants.ts';
import { IssuerUrl } from '../providers/hosts.ts';
import { bearer, pathOf } from '../providers/request.ts';
import type { HttpClient } from '../providers/http.ts';
import { clientTo, destinationFor, type CourierTools } from './destinations.ts';
import { sealedFor } from './sealed-box.ts';

const Destination = z.strictObject({
  url: IssuerUrl.default('https://api.github.com'),
  token: AdminSecret,
});
const PublicKey = z.object({ key_id: z.string().min(1), key: z.base64() });
const Shown = z.object({
  updated_at: z.iso.datetime({ offset: true }).transform((text): Instant => Date.parse(text)),
});

const WAITS = epochDialect('x-ratelimit-reset');

/**
 * "Rate limits for the REST API": 403 or 429, with Retry-After or with no request left until
 * X-RateLimit-Reset.
 */
const DIALECT: Dialect = {
  isThrottled: (status, headers) =>
    status === 429 ||
    (status === 403 && (headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0')),
  retryAfter: (headers, now) => WAITS.retryAfter(headers, now),
};

/**
 * Sets an Actions secret of a repository or of one of its environments. Source: docs.github.com, REST API,
 * "GitHub Actions Secrets": the value is sealed with the public key of the repository or environment, and can
 * never be read back, so that the time of its last change is the proof.
 */
export function githubCourier(tools: CourierTools): Courier {
  return {
    kind: 'github',
    async carry(parcel, value) {
      const { url, token } = await destinationFor(parcel, tools, { schema: Destination });
      const { collection, name } = placeOf(parcel, url);
      const api = {
        client: clientTo(url, tools, DIALECT),
        headers: {
          authorization: bearer(token),
          accept: 'application/vnd.github+json',
          'x-github-api-version': '2022-11-28',
        },
      };
      const setAt = await set({ ...api, collection, name, value: await value() }, tools.now());
      const shown = await api.client.send({
        method: 'GET',
        path: `${collection}/${name}`,
        headers: api.headers,
      });
      const updatedAt = shown.json(Shown).updated_at;
      if (updatedAt < setAt)
        throw new KeyturnError(
          'issuer-response-invalid',
          `GitHub took the secret ${parcel.consumer.target} and shows it as it was before.`,
        );
      return { outcome: 'proven', proof: `GitHub shows it as updated ${new Date(updatedAt).toISOString()}` };
    },
  };
}

interface Setting {
  readonly client: HttpClient;
  readonly headers: Readonly<Record<string, string | Secret>>;
  readonly collection: string;
  readonly name: string;
  readonly value: Secret;
}

/** Resolves to the time, by GitHub's own clock, from which on the secret was changed. */
async function set({ client, headers, collection, name, value }: Setting, now: Instant): Promise<Instant> {
  const { key, key_id } = (
    await client.send({ method: 'GET', path: `${collection}/public-key`, headers })
  ).json(PublicKey);
  const answer = await client.send({
    method: 'PUT',
    path: `${collection}/${name}`,
    headers,
    body: { json: { encrypted_value: await sealedFor(key, value), key_id } },
  });
  const date = Date.parse(answer.headers.get('date') ?? '');
  // Both are kept to the second; without the header, clocks may differ.
  return Number.isNaN(date) ? now - 5 * MINUTE : date - SECOND;
}

/** A GitHub Enterprise Server has its API below a path. */
function placeOf(parcel: Parcel, origin: string): { collection: string; name: string } {
  const [, owner = '', repo = '', environment, name = ''] =
    /^([^/:]+)\/([^/:]+)(?:\/([^/:]+))?:(.+)$/.exec(parcel.consumer.target) ?? [];
  const root = new URL(origin).hostname.startsWith('api.') ? '' : '/api/v3';
  const below = environment === undefined ? '/actions/secrets' : pathOf`/environments/${environment}/secrets`;
  return { collection: `${root}${pathOf`/repos/${owner}/${repo}`}${below}`, name: encodeURIComponent(name) };
}
