import type * as z from 'zod';
import { asBearer } from '../declared/forms.ts';
import { declaredSubmitted, type Told } from '../declared/submitted.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { descriptor } from './descriptor.ts';
import { Grant, Member, Refused, Self } from './schema.ts';

const SELF = '/v2/account';
const REFUSED = { status: 401, body: Refused, source: 'digitalocean/openapi, GET /v2/account' };

/** Personal access tokens of DigitalOcean: people create and delete them. */
export const digitalocean = declaredSubmitted({
  descriptor,
  origin: 'https://api.digitalocean.com',
  place: Member,
  grant: Grant,
  atOrigin: true,
  account: ({ team, user }: z.infer<typeof Member>) => `teams/${team}/users/${user}`,
  ask: {
    request: (value) => ({ method: 'GET', path: SELF, headers: asBearer(value) }),
    told,
    refused: REFUSED,
  },
  // Without a token it answers in the words of a refusal, which shows that it is there.
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
  const { uuid, email, team } = self.account;
  return { account: `teams/${team.uuid}/users/${uuid}`, called: email };
}
