import type * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { asBearer } from '../declared/forms.ts';
import { declaredSubmitted, type Told } from '../declared/submitted.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { descriptor } from './descriptor.ts';
import { Account, Grant, Missing, Refused, Self } from './schema.ts';

const SELF = '/v1/account';

/** Restricted keys of Stripe: people create and delete them, and each is asked about by its value. */
export const stripe = declaredSubmitted({
  descriptor,
  origin: 'https://api.stripe.com',
  place: Account,
  grant: Grant,
  atOrigin: true,
  account: ({ account, mode }: z.infer<typeof Account>) => `accounts/${account}/${mode}`,
  ask: {
    request: (value) => ({ method: 'GET', path: SELF, headers: asBearer(value) }),
    told,
    refused: { status: 401, body: Refused, source: 'docs.stripe.com, "Error codes"' },
  },
  // Without a key Stripe says so, which shows that it is there.
  examine: {
    request: { method: 'GET', path: SELF },
    verdicts: [
      {
        outcome: 'active',
        status: 401,
        body: Missing.transform(() => ({})),
        source: 'answers of api.stripe.com, as users report them',
      },
    ],
  },
});

/** The same account answers in both modes: which one it is stands at the beginning of the key. */
function told(answer: HttpAnswer, value: Secret): Told | undefined {
  const self = answer.read(Self);
  const [, mode] = /^(?:rk|sk)_(live|test)_/.exec(value.reveal()) ?? [];
  if (self === undefined || mode === undefined) return undefined;
  return { account: `accounts/${self.id}/${mode}`, called: `the account ${self.id} in ${mode} mode` };
}
