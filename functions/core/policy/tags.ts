import type { PolicyContext } from './contradictions.ts';
import {
  MOST_CONSUMERS,
  consumerText,
  parseConsumer,
  unreadableConsumer,
  type DeclaredConsumer,
} from '../consumers/consumers.ts';
import { KeyturnError } from '../basics/errors.ts';
import { readFormat, readPath, tagTextOf, textOfTag, type Read } from './value-notation.ts';
import { keptPolicy } from './effective-policy.ts';
import { PolicyInput, defaultsFor, type Policy, type PolicyDefaults, type StatedPolicy } from './policy.ts';
import { isOurs, nearestTag, unknownTagSentence } from './unknown-tags.ts';

/** The tags that register a secret with Keyturn. Declared once: handlers, IAM conditions, the manifest and the docs read them from here. */
export const TAGS = {
  installation: 'keyturn:installation',
  issuer: 'keyturn:issuer',
  owner: 'keyturn:owner',
  environment: 'keyturn:environment',
  purpose: 'keyturn:purpose',
  admin: 'keyturn:admin',
  field: 'keyturn:field',
  format: 'keyturn:format',
  rotateEvery: 'keyturn:rotate-every',
  maxAge: 'keyturn:max-age',
  rotateBeforeExpiry: 'keyturn:rotate-before-expiry',
  warnBefore: 'keyturn:warn-before',
  minGrace: 'keyturn:min-grace',
  maxGrace: 'keyturn:max-grace',
  evidence: 'keyturn:evidence',
  unusedFor: 'keyturn:unused-for',
  cacheTtl: 'keyturn:cache-ttl',
  onMaxGrace: 'keyturn:on-max-grace',
  rotationWindows: 'keyturn:rotation-windows',
  freezes: 'keyturn:freezes',
  jitter: 'keyturn:jitter',
  maxLifetime: 'keyturn:max-lifetime',
  scopes: 'keyturn:scopes',
  onInactive: 'keyturn:on-inactive',
  onMaxAge: 'keyturn:on-max-age',
  rotateAfter: 'keyturn:rotate-after',
  soakTime: 'keyturn:soak-time',
  bakeTime: 'keyturn:bake-time',
  healthSignals: 'keyturn:health-signals',
  baselinePeriod: 'keyturn:baseline-period',
  sensitivity: 'keyturn:sensitivity',
  containmentDeadline: 'keyturn:containment-deadline',
  onContainmentDeadline: 'keyturn:on-containment-deadline',
} as const;

/** One tag of this beginning for each consumer: the rest of its key is the consumer's name, its value `kind:target`. */
export const CONSUMER_TAG = 'keyturn:consumer:';

export type Tags = ReadonlyMap<string, string>;

/** Something wrong with what tags say that keeps nobody from rotating: a finding is made of it. */
export interface TagProblem {
  /** `tag-invalid`: one tag that is missing, unknown, or cannot be read. `policy-unkeepable`: fields that cannot be kept together, or at the issuer. */
  readonly kind: 'tag-invalid' | 'policy-unkeepable';
  readonly detail: string;
}

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
  /** Who uses the token, by name. One whose tag cannot be read is among them, and counts as one that has not moved. */
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

/** How several values stand in one tag: apart by blanks, or by a plus between blanks where they have blanks themselves. */
const LISTS = new Map<string, { readonly join: string; readonly split: RegExp }>([
  ['warnBefore', { join: ' ', split: /[\s,/]+/ }],
  ['scopes', { join: ' ', split: /\s+/ }],
  ['rotationWindows', { join: ' + ', split: /\s\+\s/ }],
  ['freezes', { join: ' + ', split: /\s\+\s/ }],
  ['healthSignals', { join: ' + ', split: /\s\+\s/ }],
]);

/** The fields of a policy that could be read, and what is wrong with the others. */
function statedIn(tags: Tags, secretName: string): { stated: StatedPolicy; problems: TagProblem[] } {
  const problems: TagProblem[] = [];
  let stated: StatedPolicy = {};
  for (const key of Object.keys(PolicyInput.shape).filter(
    (one): one is keyof typeof PolicyInput.shape => one in TAGS,
  )) {
    const value = tags.get(TAGS[key]);
    if (value === undefined) continue;
    const list = LISTS.get(key);
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
        detail: `The tag ${TAGS[key]} of the secret ${secretName} is wrong: ${parsed.error.issues[0]?.message ?? 'invalid'}.`,
      });
  }
  return { stated, problems };
}

/**
 * Reads the registration of a secret from its tags; what they leave open is as the installation's own defaults say. What is wrong and not needed for a rotation comes back as
 * problems: the last policy that can be kept stays in force then.
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
    policy,
    consumers,
    problems: [
      ...withoutOwner(tags, secretName),
      ...invalid,
      ...unread,
      ...unknownIn(tags),
      ...(fault === undefined ? [] : [unkeepable(fault, secretName, others)]),
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

/** The tags that say where the value stands in the secret's text. Inverse of what {@link placeOf} in `payload/place.ts` reads. */
export function tagsOfPlace({
  field,
  format,
}: {
  readonly field?: string | undefined;
  readonly format?: string | undefined;
}): [string, string][] {
  const stated = [
    [TAGS.field, field],
    [TAGS.format, format],
  ] satisfies [string, string | undefined][];
  return stated.flatMap(([key, text]) =>
    text === undefined ? [] : [[key, tagTextOf(text)] satisfies [string, string]],
  );
}

/** What stands in a record where nobody is named. */
const NO_OWNER = 'unknown';

function withoutOwner(tags: Tags, secretName: string): TagProblem[] {
  return tags.get(TAGS.owner)
    ? []
    : [
        {
          kind: 'tag-invalid',
          detail: `The secret ${secretName} has no tag ${TAGS.owner}: add it, for example ${TAGS.owner}=team-billing.`,
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

/** Tags in Keyturn's own name space that mean nothing, each with the one that may be meant. */
export function unknownTags(tags: Tags): { readonly key: string; readonly near: string | undefined }[] {
  const known: readonly string[] = Object.values(TAGS);
  const unknown = [...tags.keys()].filter(
    (key) => isOurs(key, known) && !known.includes(key) && !key.startsWith(CONSUMER_TAG),
  );
  return unknown.sort().map((key) => ({ key, near: nearestTag(key, known, CONSUMER_TAG) }));
}

function unknownIn(tags: Tags): TagProblem[] {
  return unknownTags(tags).map(({ key, near }) => ({
    kind: 'tag-invalid',
    detail: unknownTagSentence(key, near),
  }));
}

/** A consumer that cannot be read may use the token all the same; so may one whose tag is misspelt. */
function consumersIn(
  tags: Tags,
  secretName: string,
): { consumers: DeclaredConsumer[]; problems: TagProblem[] } {
  const found = [...tags]
    .filter(([key]) => key.startsWith(CONSUMER_TAG))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const problems: TagProblem[] = [];
  if (found.length > MOST_CONSUMERS)
    problems.push({
      kind: 'tag-invalid',
      detail: `The secret ${secretName} has ${found.length} tags ${CONSUMER_TAG}…: keep ${MOST_CONSUMERS} at most, or declare one consumer of the kind event for many.`,
    });
  const consumers = found.map(([key, value]) => {
    const one = consumerOrFault(key.slice(CONSUMER_TAG.length), value);
    if (typeof one !== 'string') return one;
    problems.push({ kind: 'tag-invalid', detail: `The tag ${key} of the secret ${secretName} ${one}` });
    return unreadableConsumer(key.slice(CONSUMER_TAG.length), value);
  });
  const misspelt = unknownTags(tags).filter(({ near }) => near?.startsWith(CONSUMER_TAG));
  return {
    consumers: [...consumers, ...misspelt.map(({ key }) => unreadableConsumer(key, tags.get(key) ?? ''))],
    problems,
  };
}

function consumerOrFault(name: string, text: string): DeclaredConsumer | string {
  try {
    return parseConsumer(name, text);
  } catch (error) {
    if (error instanceof KeyturnError) return error.message;
    throw error;
  }
}

/** The tags that declare consumers. Inverse of what {@link registrationOf} reads. */
export function tagsOfConsumers(consumers: readonly DeclaredConsumer[]): [string, string][] {
  return consumers.map((one) => [`${CONSUMER_TAG}${one.name}`, consumerText(one)]);
}

/** The tags that say what a policy says, for those fields that were stated. Inverse of {@link registrationOf}. */
export function tagsOfPolicy(input: PolicyInput): [string, string][] {
  return Object.entries(input).flatMap(([key, value]) => {
    const tag = Object.entries(TAGS).find(([name]) => name === key)?.[1];
    if (tag === undefined || value === undefined) return [];
    return [
      [tag, Array.isArray(value) ? value.join(LISTS.get(key)?.join ?? ' ') : value] satisfies [
        string,
        string,
      ],
    ];
  });
}
