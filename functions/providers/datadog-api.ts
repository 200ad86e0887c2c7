import * as z from 'zod';
import type { Secret } from '../core/basics/secret.ts';
import { asHeader } from './declared/forms.ts';
import type { Verdict } from './verdicts.ts';

export const VALIDATE_PATH = '/api/v1/validate';
export const asApiKey = asHeader('dd-api-key');

/** Both keys, without which Datadog takes no call but that about an API key. */
export function asKeyPair(apiKey: Secret, applicationKey: Secret) {
  return { ...asApiKey(apiKey), 'dd-application-key': applicationKey };
}

/**
 * An API key alone is asked with, and the question needs no permission: this "no" is never a "may not". Not
 * listed, so unknown: a key that did not arrive, and the 401 of the rest of the API.
 */
export const API_KEY_VERDICTS: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 200,
    body: z.object({ valid: z.literal(true) }).transform(() => ({})),
    source: 'docs.datadoghq.com, "Validate API key" (v1)',
  },
  {
    outcome: 'inactive',
    status: 403,
    body: z.object({ errors: z.tuple([z.literal('Forbidden')]) }),
    source: 'the same: 403 where it is invalid; the words are from answers of api.datadoghq.com',
  },
];
