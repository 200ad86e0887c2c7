import * as z from 'zod';
import { CONSUMER_KINDS, isTarget, ruleOf } from '../../../functions/core/consumers/consumer-kinds.ts';
import { MOST_CONSUMERS, parseConsumer } from '../../../functions/core/consumers/consumers.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { adminSecretOf } from '../../../functions/core/basics/names.ts';
import { readFormat, readPath, tagTextOf, type Read } from '../../../functions/core/policy/value-notation.ts';
import { Duration, PolicyInput } from '../../../functions/core/policy/policy-input.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { nearest } from '../../../functions/core/basics/nearest.ts';

export const PROVIDER_IDS = DESCRIPTORS.map((descriptor) => descriptor.id);

/** The characters and lengths that tags may have (AWS Secrets Manager API Reference, Tag; AWS General Reference, "Tag naming limits"). */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const TAG_MOST = 256;

/** The longest rotation interval of Secrets Manager, less the day that the backstop adds (API Reference, RotationRulesType). */
export const MAX_AGE_MOST = 999 * DAY;

function tagText(example: string) {
  const fix = `write text like ${example}, with letters, digits, spaces and _.:/=+-@ only`;
  return z
    .string({ error: fix })
    .regex(TAG_TEXT, { error: fix })
    .max(TAG_MOST, { error: `is longer than ${TAG_MOST} characters: shorten it` })
    .meta({ examples: [example] });
}

/** A text that says where the value stands, and that a tag holds once it is escaped. */
function placeText(read: (text: string) => Read<unknown>, example: string) {
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

const SecretName = z
  .string({ error: SECRET_NAME })
  .regex(/^(?!arn:)[\w/+=.@-]{1,512}$/, { error: SECRET_NAME });

const ProviderId = z.enum(PROVIDER_IDS, {
  error: ({ input }) => {
    const [near] = typeof input === 'string' ? nearest(input, PROVIDER_IDS, 1) : [];
    return `write one of ${PROVIDER_IDS.join(', ')}${near === undefined ? '' : ` (did you mean ${near}?)`}`;
  },
});

const Rotation = z.enum(['attach', 'keep'], { error: 'write attach (the default) or keep' });

/** One consumer of a manifest. */
export const ManifestConsumer = z
  .strictObject({
    name: z
      .string({ error: 'write a name, like billing-ci' })
      .meta({ description: 'Tells the consumers of one token apart.', examples: ['billing-ci'] }),
    kind: z
      .enum(CONSUMER_KINDS.options, { error: `write one of ${CONSUMER_KINDS.options.join(', ')}` })
      .meta({ description: 'How the new value, or word of it, reaches it.' }),
    target: z.string({ error: 'write which one is meant, in the form of its kind' }).meta({
      description: 'Which one is meant, in the form of its kind.',
      examples: ['acme/billing:DEPLOY_TOKEN'],
    }),
  })
  .superRefine(({ name, kind, target }, context) => {
    // Tags write the kind in front of the target; here it has a field of its own.
    if (!isTarget(kind, target))
      return context.addIssue({
        code: 'custom',
        path: ['target'],
        message: `must have the form ${ruleOf(kind).form}: write ${ruleOf(kind).example}, without the kind in front`,
      });
    try {
      parseConsumer(name, `${kind}:${target}`);
    } catch (error) {
      if (!(error instanceof KeyturnError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  });

const Consumers = z
  .array(ManifestConsumer, { error: 'write a list of consumers, each with name, kind and target' })
  .max(MOST_CONSUMERS, {
    error: `must have at most ${MOST_CONSUMERS} entries: declare one of the kind event for many`,
  })
  .superRefine((consumers, context) => {
    for (const [index, { name }] of consumers.entries()) {
      const first = consumers.findIndex((other) => other.name === name);
      if (first !== index)
        context.addIssue({
          code: 'custom',
          path: [index, 'name'],
          message: `repeats ${name}, which consumers[${first}] has already: give it another name`,
        });
    }
  });

/** A slip must not hand an admin credential to anything; where its issuer makes no successor, there is nothing to manage. */
function adminProblem(token: {
  secret: string;
  provider: string;
  isAdmin?: true | undefined;
}): string | undefined {
  const owner = adminSecretOf(token.secret);
  if (owner === undefined) return token.isAdmin ? 'is no admin secret: leave isAdmin out' : undefined;
  if (!token.isAdmin)
    return 'names an admin secret: name the secret that consumers read, or say isAdmin: true';
  if (owner !== token.provider) return `is the admin secret of ${owner}: write that provider`;
  return DESCRIPTORS.find(({ id }) => id === owner)?.admin.successor === 'minted'
    ? undefined
    : `holds a credential that only a person can make at ${owner}: leave it out, Keyturn watches it all the same`;
}

const TokenFields = z.strictObject({
  secret: SecretName.meta({
    description:
      'Name of the secret in AWS Secrets Manager. It is made, without a value, if it is not there.',
    examples: ['prod/billing/gitlab'],
  }),
  provider: ProviderId.meta({ description: 'Whose credentials it holds.' }),
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
    .meta({ description: "Name of the admin secret to use; the provider's own unless stated." }),
  field: placeText(readPath, 'gitlab.token').meta({
    description:
      "Where the token stands in the secret's JSON: names of fields apart by dots, a dot in a name as \\. The provider's own field, or the whole of a plain text, unless stated.",
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
      "attach: Keyturn's rotation function, and a schedule of the maximum age and a day as a backstop. keep: leave the secret's rotation settings to whoever makes them, such as the ManagedToken construct.",
  }),
  isAdmin: z.literal(true, { error: 'write true, or leave the field out' }).optional().meta({
    description:
      'Says that the secret is an admin secret and is to be replaced like any token. It has to be there, and to grant itself an account.',
  }),
});

/** One token of a manifest. */
export const ManifestToken = TokenFields.superRefine((token, context) => {
  for (const field of ['field', 'format'] as const)
    if (token.isAdmin && token[field] !== undefined)
      context.addIssue({
        code: 'custom',
        path: [field],
        message: 'is not for admin secrets, which are read as their provider says: leave it out',
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
