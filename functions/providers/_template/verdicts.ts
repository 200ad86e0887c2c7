import * as z from 'zod';
import { canonicalScopes } from '../scopes.ts';
import type { Verdict } from '../verdicts.ts';
import { Whoami } from './schema.ts';

const DOCS = 'https://docs.example.com/api-keys#errors';
const REFUSED: Verdict = {
  outcome: 'inactive',
  status: 401,
  body: z.strictObject({ error: z.literal('unknown key') }),
  source: DOCS,
};

/**
 * The answers that say something of a value, each as narrow as the vendor documents it. Whatever is not
 * listed is unknown.
 */
export const VERDICTS: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 200,
    body: Whoami.transform(({ scopes }) => ({ scopes: canonicalScopes(scopes) })),
    source: DOCS,
  },
  REFUSED,
];

/** The same for the admin credential, which is of another kind here. */
export const ADMIN_VERDICTS: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 200,
    body: z.object({ admin: z.literal(true) }).transform(() => ({})),
    source: DOCS,
  },
  REFUSED,
];
