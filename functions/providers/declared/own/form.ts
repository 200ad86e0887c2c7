import * as z from 'zod';
import { faultsAcross } from './rules.ts';
import { Shape } from './shape.ts';

/**
 * An issuer that a user declares in a file: constants, placeholders of a closed list, JSON Pointers and
 * closed lists of words, and no more. What it can say is read into the same declaration as the issuers that
 * are shipped; there is no field for a host, which the settings name alone.
 */
export const OwnIssuer = Shape.superRefine((form, context) => {
  for (const { path, message } of faultsAcross(form))
    context.addIssue({ code: 'custom', path: [...path], message });
});

export type OwnIssuer = z.output<typeof OwnIssuer>;

/** The JSON Schema of such a file, for editors. */
export function ownIssuerJsonSchema(): object {
  const schema = z.toJSONSchema(OwnIssuer, { target: 'draft-7', io: 'input' });
  return { ...schema, title: 'An issuer of your own for Keyturn' };
}
