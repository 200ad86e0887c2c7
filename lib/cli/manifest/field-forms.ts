// How fields of a manifest are written: names, texts that become tags, ids of issuers. Each wrong one is told
// with what to write instead.
import * as z from 'zod';
import { nearest } from '../../../functions/core/basics/nearest.ts';
import { tagTextOf, type Read } from '../../../functions/core/policy/value-notation.ts';
import { OWN_ID, OWN_ID_FIX, isMeantAsOwn } from '../../../functions/core/issuer/own-issuers.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';

const ISSUER_IDS = DESCRIPTORS.map((descriptor) => descriptor.id);

/**
 * The characters and lengths that tags may have (AWS Secrets Manager API Reference, Tag; AWS General
 * Reference, "Tag naming limits").
 */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const TAG_MOST = 256;

export function tagText(example: string) {
  const fix = `write text like ${example}, with letters, digits, spaces and _.:/=+-@ only`;
  return z
    .string({ error: fix })
    .regex(TAG_TEXT, { error: fix })
    .max(TAG_MOST, { error: `is longer than ${TAG_MOST} characters: shorten it` })
    .meta({ examples: [example] });
}

/** A text that says where the value stands, and that a tag holds once it is escaped. */
export function placeText(read: (text: string) => Read<unknown>, example: string) {
  return z
    .string({ error: `write text like ${example}` })
    .superRefine((text, context) => {
      const answer = read(text);
      if ('fault' in answer) context.addIssue({ code: 'custom', message: answer.fault });
      else if (tagTextOf(text).length > TAG_MOST)
        context.addIssue({
          code: 'custom',
          message: `is longer than the ${TAG_MOST} characters of a tag: shorten it`,
        });
    })
    .optional();
}

const SECRET_NAME = 'write the name (not the ARN) of a secret, like prod/billing/gitlab';

export const SecretName = z
  .string({ error: SECRET_NAME })
  .regex(/^(?!arn:)[\w/+=.@-]{1,512}$/, { error: SECRET_NAME });

/** What to write for an id that is none. */
function fixOf({ input }: { readonly input?: unknown }): string {
  if (typeof input === 'string' && isMeantAsOwn(input)) return OWN_ID_FIX;
  const [near] = typeof input === 'string' ? nearest(input, ISSUER_IDS, 1) : [];
  return `write one of ${ISSUER_IDS.join(', ')}${near === undefined ? '' : ` (did you mean ${near}?)`}`;
}

/** An issuer that comes with Keyturn, or one that a user declares. */
export const IssuerId = z.union(
  [z.enum(ISSUER_IDS, { error: fixOf }), z.string({ error: fixOf }).regex(OWN_ID, { error: fixOf })],
  { error: fixOf },
);
