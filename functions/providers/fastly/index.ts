import type * as z from 'zod';
import { asHeader } from '../declared/forms.ts';
import { declaredSubmitted, type Told } from '../declared/submitted.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { canonicalScopes } from '../scopes.ts';
import { descriptor } from './descriptor.ts';
import { Grant, Refused, Self, User } from './schema.ts';

const SELF = '/tokens/self';
const REFUSED = { status: 401, body: Refused, source: 'fastly/fastly-js, issue 14' };
const asKey = asHeader('fastly-key');

/** API tokens of Fastly: people create them, and each is asked about and revoked by its value. */
export const fastly = declaredSubmitted({
  descriptor,
  origin: 'https://api.fastly.com',
  place: User,
  grant: Grant,
  atOrigin: true,
  account: ({ user }: z.infer<typeof User>) => `users/${user}`,
  scopes: ({ scopes }: z.infer<typeof Grant>) => scopes,
  ask: {
    request: (value) => ({ method: 'GET', path: SELF, headers: asKey(value) }),
    told,
    refused: REFUSED,
  },
  revoke: {
    request: (value) => ({ method: 'DELETE', path: SELF, headers: asKey(value) }),
    done: 204,
    byItself: true,
  },
  // Without a credential Fastly answers in the words of a refusal, which shows that it is there.
  examine: {
    request: { method: 'GET', path: SELF },
    verdicts: [
      { outcome: 'active', status: 401, body: Refused.transform(() => ({})), source: REFUSED.source },
    ],
  },
});

function told(answer: HttpAnswer): Told | undefined {
  const self = answer.read(Self);
  if (self === undefined) return undefined;
  const { user_id: user, scope, expires_at: ends } = self;
  return {
    account: `users/${user}`,
    called: `the user ${user}`,
    ...(scope !== undefined && { scopes: canonicalScopes(scope.split(' ').filter(Boolean)) }),
    ...(typeof ends === 'number' && { expiresAt: ends }),
  };
}
