/**
 * Reads a secret's registration from its tags: issuer, owner, policy, consumers, and what is wrong with
 * them.
 */
import { overlapMissing, type PolicyContext } from './contradictions.ts';
import type { DeclaredConsumer } from '../consumers/consumers.ts';
import { KeyturnError } from '../basics/errors.ts';
import { readFormat, readPath, textOfTag, type Read } from './value-notation.ts';
import { keptPolicy } from './effective-policy.ts';
import { PolicyInput, defaultsFor, type PolicyDefaults, type StatedPolicy } from './policy-input.ts';
import type { Policy } from './policy.ts';
import { unknownTagSentence, unknownTags } from './unknown-tags.ts';
import { TAG_LISTS, TAGS, type TagProblem, type Tags } from './tags.ts';
import { consumersIn } from './consumer-tags.ts';

/** What a secret's tags say of it. */
export interface Registration {
  readonly installation: string;
  readonly provider: string;
  readonly owner: string;
  readonly environment: string;
  readonly purpose: string;
  /** The name of the admin secret to use; undefined means the provider's default one. */
  readonly admin: string | undefined;
  /** The policy that is in force. */
  readonly policy: Policy;
  /**
   * Who uses the token, by name. One whose tag cannot be read is among them, and counts as one that has not
   * moved.
   */
  readonly consumers: readonly DeclaredConsumer[];
  /** What of it could not be taken as it is; undefined where the tags were not looked at. */
  readonly problems?: readonly TagProblem[];
}

/** What tags are read with. */
export interface RegistrationContext {
  /** Who makes the credentials. */
  readonly issuer?: PolicyContext['issuer'];
  /** The policy that was in force until now. */
  readonly last?: Policy | undefined;
}

function required(tags: Tags, key: string, secretName: string, example: string): string {
  const value = tags.get(key);
  if (value) return value;
  throw new KeyturnError(
    'tag-missing',
    `The secret ${secretName} has no tag ${key}: add it, for example ${key}=${example}.`,
  );
}

/** The fields of a policy that could be read, and what is wrong with the others. */
function statedIn(tags: Tags, secretName: string): { stated: StatedPolicy; problems: TagProblem[] } {
  const problems: TagProblem[] = [];
  let stated: StatedPolicy = {};
  for (const key of Object.keys(PolicyInput.shape).filter(
    (one): one is keyof typeof PolicyInput.shape => one in TAGS,
  )) {
    const value = tags.get(TAGS[key]);
    if (value === undefined) continue;
    const list = TAG_LISTS.get(key);
    const parsed = PolicyInput.safeParse({
      [key]: list
        ? value
            .split(list.split)
            .map((part) => part.trim())
            .filter((part) => part !== '')
        : value,
    });
    if (parsed.success) stated = { ...stated, ...parsed.data };
    else
      problems.push({
        kind: 'tag-invalid',
        detail:
          `The tag ${TAGS[key]} of the secret ${secretName} is wrong: ` +
          `${parsed.error.issues[0]?.message ?? 'invalid'}.`,
      });
  }
  return { stated, problems };
}

/**
 * Reads the registration of a secret from its tags. What they leave open is as the installation's defaults
 * say.
 * What is wrong and not needed for a rotation comes back as problems.
 * The last policy that can be kept stays in force then.
 * Errors: `tag-missing` names the tag to add; `tag-invalid` one that says nothing of where the value stands.
 */
export function registrationOf(
  tags: Tags,
  secretName: string,
  defaults: PolicyDefaults = {},
  about: RegistrationContext = {},
): Registration {
  const installation = required(tags, TAGS.installation, secretName, 'main');
  const provider = required(tags, TAGS.issuer, secretName, 'gitlab');
  requireRead(TAGS.field, readPath, tags, secretName);
  requireRead(TAGS.format, readFormat, tags, secretName);
  const environment = tags.get(TAGS.environment) ?? 'production';
  const { consumers, problems: unread } = consumersIn(tags, secretName);
  const { stated, problems: invalid } = statedIn(tags, secretName);
  const others = defaultsFor({ issuer: provider, environment }, defaults);
  const { policy, fault } = keptPolicy(
    stated,
    { name: secretName, others, consumers, issuer: about.issuer },
    { isWhole: invalid.length === 0, last: about.last },
  );
  return {
    installation,
    provider,
    owner: tags.get(TAGS.owner) || NO_OWNER,
    environment,
    purpose: tags.get(TAGS.purpose) ?? '',
    admin: tags.get(TAGS.admin),
    policy: ownWord(policy, stated),
    consumers,
    problems: [
      ...withoutOwner(tags, secretName),
      ...invalid,
      ...unread,
      ...unknownIn(tags),
      ...(fault === undefined ? [] : [unkeepable(fault, secretName, others)]),
      ...wordless(about.issuer, stated, secretName),
    ],
  };
}

/** Error: `tag-invalid`. */
function requireRead(
  key: string,
  read: (text: string) => Read<unknown>,
  tags: Tags,
  secretName: string,
): void {
  const tag = tags.get(key);
  const answer = tag === undefined ? undefined : read(textOfTag(tag));
  if (answer && 'fault' in answer)
    throw new KeyturnError(
      'tag-invalid',
      `The tag ${key} of the secret ${secretName} is wrong: ${answer.fault}.`,
    );
}

/** The owner in a record where no tag names one. */
const NO_OWNER = 'unknown';

/** What permits that a value ends before consumers have moved is what the tags say now, and nothing else. */
function ownWord(policy: Policy, { overlap = 'kept' }: StatedPolicy): Policy {
  return policy.overlap === overlap ? policy : { ...policy, overlap };
}

function wordless(
  issuer: PolicyContext['issuer'],
  { overlap = 'kept' }: StatedPolicy,
  secretName: string,
): TagProblem[] {
  const fault = issuer && overlapMissing({ overlap }, issuer);
  return fault === undefined
    ? []
    : [{ kind: 'policy-unkeepable', detail: `The secret ${secretName} is not rotated: ${fault}` }];
}

function withoutOwner(tags: Tags, secretName: string): TagProblem[] {
  return tags.get(TAGS.owner)
    ? []
    : [
        {
          kind: 'tag-invalid',
          detail:
            `The secret ${secretName} has no tag ${TAGS.owner}: ` +
            `add it, for example ${TAGS.owner}=team-billing.`,
        },
      ];
}

function unkeepable(fault: string, secretName: string, others: StatedPolicy): TagProblem {
  const set = Object.keys(others).length === 0 ? '' : ' and the policies set for its installation';
  return {
    kind: 'policy-unkeepable',
    detail: `The tags of the secret ${secretName}${set} ask what cannot be kept: ${fault}`,
  };
}

function unknownIn(tags: Tags): TagProblem[] {
  return unknownTags(tags).map(({ key, near }) => ({
    kind: 'tag-invalid',
    detail: unknownTagSentence(key, near),
  }));
}
