import type * as z from 'zod';
import { asBearer } from '../declared/forms.ts';
import { declaredSubmitted, type Told } from '../declared/submitted.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { canonicalScopes } from '../scopes.ts';
import { descriptor } from './descriptor.ts';
import { Grant, Meta, Refused, Self, User } from './schema.ts';

const SELF = '/v2/access-token';

/** API access tokens of Buildkite: people create them, and each is asked about and revoked by its value. */
export const buildkite = declaredSubmitted({
  descriptor,
  origin: 'https://api.buildkite.com',
  place: User,
  grant: Grant,
  atOrigin: true,
  account: ({ email }: z.infer<typeof User>) => `users/${email}`,
  scopes: ({ scopes }: z.infer<typeof Grant>) => scopes,
  ask: {
    request: (value) => ({ method: 'GET', path: SELF, headers: asBearer(value) }),
    told,
    refused: { status: 401, body: Refused, source: 'buildkite/test-engine-client, internal/api' },
  },
  revoke: {
    request: (value) => ({ method: 'DELETE', path: SELF, headers: asBearer(value) }),
    done: 204,
    byItself: true,
  },
  examine: {
    request: { method: 'GET', path: '/v2/meta' },
    verdicts: [
      {
        outcome: 'active',
        status: 200,
        body: Meta.transform(() => ({})),
        source: 'buildkite.com, "Meta API"',
      },
    ],
  },
});

function told(answer: HttpAnswer): Told | undefined {
  const self = answer.read(Self);
  if (self === undefined) return undefined;
  const { scopes, user, expires_at: ends } = self;
  return {
    account: `users/${user.email}`,
    called: user.email,
    scopes: canonicalScopes(scopes),
    ...(typeof ends === 'number' && { expiresAt: ends }),
  };
}
