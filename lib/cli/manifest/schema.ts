import * as z from 'zod';
import { Duration, PolicyInput } from '../../../functions/core/policy/policy-input.ts';
import { readFormat, readPath } from '../../../functions/core/policy/value-notation.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import { adminProblem } from './admin-token.ts';
import { Consumers } from './consumer-schema.ts';
import { IssuerId, SecretName, placeText, tagText } from './field-forms.ts';

/**
 * The longest rotation interval of Secrets Manager, less the day that the backstop adds (API Reference,
 * RotationRulesType).
 */
export const MAX_AGE_MOST = 999 * DAY;

const Rotation = z.enum(['attach', 'keep'], { error: 'write attach (the default) or keep' });

const TokenFields = z.strictObject({
  secret: SecretName.meta({
    description:
      'Name of the secret in AWS Secrets Manager. It is made, without a value, if it is not there.',
    examples: ['prod/billing/gitlab'],
  }),
  issuer: IssuerId.meta({ description: 'Who issues its credentials, by id.' }),
  owner: tagText('team-billing')
    .min(1, { error: 'is empty: write who owns it, like team-billing' })
    .meta({ description: 'Who answers for it; alerts are routed by it.' }),
  environment: tagText('production')
    .min(1, { error: 'is empty: write one, or leave the field out for production' })
    .optional()
    .meta({ description: 'Where it is used; production unless stated.' }),
  purpose: tagText('reads merge requests').optional().meta({ description: 'What it is for, in words.' }),
  admin: z
    .string({ error: 'write the name of an admin secret, like keyturn/admin/gitlab/group-7' })
    .regex(/^keyturn\/admin\/[\w/+=.@-]{1,240}$/, {
      error: 'write the name of an admin secret, like keyturn/admin/gitlab/group-7',
    })
    .optional()
    .meta({ description: "Name of the admin secret to use; the issuer's own unless stated." }),
  field: placeText(readPath, 'gitlab.token').meta({
    description:
      "Where the token stands in the secret's JSON: names of fields apart by dots, a dot in a name as " +
      "\\. The issuer's own field, or the whole of a plain text, unless stated.",
    examples: ['gitlab.token'],
  }),
  format: placeText(readFormat, 'GITLAB_TOKEN={value}').meta({
    description: 'What stands around the token in its field, or in a plain text.',
    examples: ['GITLAB_TOKEN={value}', 'Bearer {value}'],
  }),
  policy: PolicyInput.optional().meta({ description: 'What differs from the defaults.' }),
  consumers: Consumers.optional().meta({
    description: 'Who uses it. Keyturn brings each the new value, or waits until it has moved.',
  }),
  rotation: Rotation.default('attach').meta({
    description:
      "attach: Keyturn's rotation function, and a schedule of the maximum age and a day as a backstop. " +
      "keep: leave the secret's rotation settings to what makes them, such as the ManagedToken " +
      'construct.',
  }),
  isAdmin: z
    .literal(true, { error: 'write true, or leave the field out' })
    .optional()
    .meta({
      description:
        'Says that the secret is an admin secret and is to be replaced like any token. It has to be ' +
        'there, and to grant itself an account.',
    }),
});

/** One token of a manifest. */
export const ManifestToken = TokenFields.superRefine((token, context) => {
  for (const field of ['field', 'format'] as const)
    if (token.isAdmin && token[field] !== undefined)
      context.addIssue({
        code: 'custom',
        path: [field],
        message: 'is not for admin secrets, which are read as their issuer says: leave it out',
      });
  const problem = adminProblem(token);
  if (problem !== undefined) context.addIssue({ code: 'custom', path: ['secret'], message: problem });
});
export type ManifestToken = z.output<typeof ManifestToken>;

/** A file of tokens, as `keyturn apply` reads it. */
export const Manifest = z.strictObject({
  version: z.literal(1, { error: 'write version: 1' }).meta({ description: 'The layout of this file.' }),
  tokens: z
    .array(ManifestToken, { error: 'write a list of tokens' })
    .meta({ description: 'Tokens that Keyturn is to look after. A token left out is not touched.' }),
});
export type Manifest = z.output<typeof Manifest>;

/** The JSON Schema of the manifest, for editors: `# yaml-language-server: $schema=tokens.schema.json`. */
export function manifestJsonSchema(): object {
  const schema = z.toJSONSchema(Manifest, {
    target: 'draft-7',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === Duration)
        Object.assign(jsonSchema, { pattern: '^\\d{1,6}[smhd]$', examples: ['30d', '12h', '15m'] });
    },
  });
  return { ...schema, title: 'Keyturn tokens' };
}
