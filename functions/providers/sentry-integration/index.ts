import type * as z from 'zod';
import { asBearer } from '../declared/forms.ts';
import { declaredSubmitted, type Told } from '../declared/submitted.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { canonicalScopes } from '../scopes.ts';
import { descriptor } from './descriptor.ts';
import { Grant, Integration, Nobody, Refused, Self } from './schema.ts';

const SELF = '/api/0/';

/** Tokens of internal integrations of Sentry: people create and revoke them. */
export const sentryIntegration = declaredSubmitted({
  descriptor,
  origin: 'https://sentry.io',
  place: Integration,
  grant: Grant,
  atOrigin: true,
  account: ({ user }: z.infer<typeof Integration>) => `users/${user}`,
  scopes: ({ scopes }: z.infer<typeof Grant>) => scopes,
  ask: {
    request: (value) => ({ method: 'GET', path: SELF, headers: asBearer(value) }),
    told,
    refused: { status: 401, body: Refused, source: 'getsentry/sentry, src/sentry/api/authentication.py' },
  },
  examine: {
    request: { method: 'GET', path: SELF },
    verdicts: [
      {
        outcome: 'active',
        status: 200,
        body: Nobody.transform(() => ({})),
        source: 'getsentry/sentry, src/sentry/api/endpoints/index.py',
      },
    ],
  },
});

function told(answer: HttpAnswer): Told | undefined {
  const self = answer.read(Self);
  if (self === undefined) return undefined;
  const { auth, user } = self;
  return { account: `users/${user.id}`, called: user.email, scopes: canonicalScopes(auth.scopes) };
}
