import * as z from 'zod';
import type { Verdict } from '../verdicts.ts';
import { TokenPage, type Grant } from './schema.ts';

/**
 * All below was asked of a running Verdaccio 6.8.0, with its encrypted tokens and with JWTs; a test asks it
 * again.
 */
const VERDACCIO = 'Verdaccio 6.8.0, asked';

/**
 * Every field that Verdaccio's profile begins with: whoever answers something else is not the registry, or
 * not this kind of it.
 */
const Profile = z.object({
  tfa: z.boolean(),
  name: z.string(),
  email: z.string(),
  email_verified: z.boolean(),
});

/**
 * What `GET /-/npm/v1/user` says of the token that asks for its user's profile. `/-/whoami` is no question to
 * put: a token that is not known gets 200 and `{}` there, as from any server that answers everybody. A token
 * that is limited to networks (`cidr`) gets, from elsewhere, the very answer of a deleted one: then that
 * answer says nothing.
 */
export function tokenVerdicts(user: string, isConfined: boolean): readonly Verdict[] {
  const deleted = z.strictObject({ error: z.literal('unauthorized access') });
  return [
    {
      outcome: 'active',
      status: 200,
      body: Profile.extend({ name: z.literal(user) }).transform(() => ({})),
      source: `${VERDACCIO} with a live token`,
    },
    {
      outcome: 'unknown',
      status: 200,
      body: Profile.transform(() => `The registry takes this token for one of another user than ${user}.`),
      source: `${VERDACCIO} with a live token of another user`,
    },
    // Made up, expired, or made before its user's password was changed.
    {
      outcome: 'inactive',
      status: 401,
      body: z.strictObject({ message: z.literal('You must be logged in to publish packages.') }),
      source: `${VERDACCIO} with a made-up token, an ended JWT, and after a change of the password`,
    },
    isConfined
      ? {
          outcome: 'unknown',
          status: 403,
          body: deleted.transform(
            () =>
              'The registry refuses the token as it refuses one that is asked about from outside of ' +
              'its networks (cidr).',
          ),
          source: `${VERDACCIO} with a live token from outside of its cidr`,
        }
      : { outcome: 'inactive', status: 403, body: deleted, source: `${VERDACCIO} with a deleted token` },
  ];
}

/** What the list of tokens says of the user and password that ask for it. */
export const PASSWORD_VERDICTS: readonly Verdict[] = [
  { outcome: 'active', status: 200, body: TokenPage.transform(() => ({})), source: VERDACCIO },
  {
    outcome: 'inactive',
    status: 401,
    body: z.strictObject({ error: z.literal('no credentials provided') }),
    source: `${VERDACCIO} with a wrong password, and for an unknown user`,
  },
];

/** Whether tokens of a grant are refused from some addresses. */
export function isConfined({ cidr }: Pick<Grant, 'cidr'>): boolean {
  return cidr.length > 0;
}
