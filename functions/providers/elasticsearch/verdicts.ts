import * as z from 'zod';
import type { Verdict } from '../verdicts.ts';
import { SelfOfKey, SelfOfUser } from './schema.ts';

const SPEC = 'elastic/elasticsearch-specification, security.authenticate';
const KEYS = 'elastic/elasticsearch, ApiKeyService.java and Authenticator.java';

/**
 * What is wrong with a key, as the cluster adds it to its refusal. Not listed, so unknown: a failure to look
 * the key up, and a key of another type.
 */
const WRONG_KEY =
  /^API key: (unable to find apikey with id \S+|api key (\[\S+\] )?has been invalidated|api key is expired|invalid credentials( for API key \[\S+\])?|Illegal base64 character \w+|invalid ApiKey value)$/i;

/** What `_authenticate` says of a key that asks. */
export function keyVerdicts(user: string): readonly Verdict[] {
  return [
    {
      outcome: 'active',
      status: 200,
      body: SelfOfKey.extend({ username: z.literal(user) }).transform(() => ({})),
      source: SPEC,
    },
    {
      outcome: 'unknown',
      status: 200,
      body: SelfOfKey.transform(() => `Elasticsearch takes this key for one of another user than ${user}.`),
      source: SPEC,
    },
    {
      outcome: 'inactive',
      status: 401,
      body: z.object({
        status: z.literal(401),
        error: z.object({
          type: z.literal('security_exception'),
          reason: z.literal(
            'unable to authenticate with provided credentials and anonymous access is not allowed for ' +
              'this request',
          ),
          additional_unsuccessful_credentials: z.string().regex(WRONG_KEY),
        }),
      }),
      source: KEYS,
    },
  ];
}

/**
 * The same of a password. A realm that cannot be asked lets this be said too, where it is another than the
 * native one.
 */
export function passwordVerdicts(user: string): readonly Verdict[] {
  return [
    {
      outcome: 'active',
      status: 200,
      body: SelfOfUser.extend({ username: z.literal(user) }).transform(() => ({})),
      source: SPEC,
    },
    {
      outcome: 'inactive',
      status: 401,
      body: z.object({
        status: z.literal(401),
        error: z.object({
          type: z.literal('security_exception'),
          reason: z.literal(
            `unable to authenticate user [${user}] for REST request [/_security/_authenticate]`,
          ),
        }),
      }),
      source: 'elastic/elasticsearch, DefaultAuthenticationFailureHandler.java',
    },
  ];
}
