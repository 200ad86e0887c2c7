// What an issuer's file says of the issuer itself: what its page and the engine's rules are made from.
import * as z from 'zod';
import { Length, fields, one, text, whole, words } from './notation.ts';

const SENTENCE = 'write a sentence, in one line';

const Count = z.union([whole(2, 1_000_000), one('many', 'unknown')], {
  error:
    'write a number from 2 on, many where the issuer names no limit, or unknown where it does not say which',
});

/** Facts of the issuer. Each that is left out is one that the issuer does not document. */
export const Facts = fields({
  slots: fields({
    count: Count.meta({ description: 'How many credentials there may be at once.' }),
    of: one(
      'account',
      'application',
      'group',
      'instance',
      'orchestration',
      'organization',
      'project',
      'runner',
      'service-account',
      'team',
      'user',
    ).meta({ description: 'What they belong to.' }),
    filledBy: z
      .array(one('expired', 'disabled'), { error: 'write a list of expired, disabled' })
      .optional()
      .meta({ description: 'What else than active credentials is counted.' }),
  }),
  check: one('free', 'counts-as-use').meta({
    description: 'Whether the issuer may tell a check of a value as a use of it.',
  }),
  lags: fields({
    accepted: Length.optional().meta({ description: 'Until a new credential is accepted everywhere.' }),
    listed: Length.optional().meta({ description: 'Until a new credential is listed.' }),
    refused: Length.optional().meta({ description: 'Until a revoked credential is refused everywhere.' }),
    allowed: Length.optional().meta({
      description: 'What Keyturn allows for where accepted or refused is not documented.',
    }),
  }),
  lastUsedEvery: Length.optional().meta({
    description: 'How exactly the issuer tells when a credential was last used.',
  }),
  maxDays: whole(1, 3_650).optional().meta({
    description: 'The longest life that the issuer gives a credential, in days.',
  }),
  concurrency: whole(1, 50).default(2).meta({ description: 'Commands that may run at once.' }),
  valueField: text(/^[A-Za-z_][\w-]{0,60}$/, 'write the name of a field, like token')
    .default('token')
    .meta({ description: "The field of a secret's JSON that holds the value." }),
});

/** The admin credential: how it is sent, what it needs, and what a person has to do at the issuer once. */
export const AdminFacts = fields({
  leastRights: words(SENTENCE, 500).meta({ description: 'The least rights that it needs.' }),
  steps: z
    .array(words(SENTENCE, 500), { error: 'write a list of sentences' })
    .default([])
    .meta({ description: 'What a person does at the issuer once, a sentence each.' }),
});

/** Where the facts are from. */
export const Evidence = fields({
  sources: z
    .array(words(SENTENCE, 500), { error: 'write a list of pages, files or runs' })
    .min(1, { error: 'is empty: name the pages, files or runs that the facts are from' }),
  unconfirmed: z.array(words(SENTENCE, 500), { error: 'write a list of sentences' }).default([]),
});
