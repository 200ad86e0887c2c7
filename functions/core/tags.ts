import * as z from 'zod';
import { MOST_CONSUMERS, consumerText, parseConsumer, type DeclaredConsumer } from './delivery/consumers.ts';
import { policyFrom, type PolicyContext } from './contradictions.ts';
import { KeyturnError } from './errors.ts';
import { readFormat, readPath, tagTextOf, textOfTag, type Read } from './payload/notation.ts';
import { PolicyInput, defaultsFor, type Policy, type PolicyDefaults, type StatedPolicy } from './policy.ts';

/** The tags that register a secret with Keyturn. Declared once: handlers, IAM conditions, the manifest and the docs read them from here. */
export const TAGS = {
  installation: 'keyturn:installation',
  provider: 'keyturn:provider',
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
  graceLeast: 'keyturn:grace-least',
  graceMost: 'keyturn:grace-most',
  evidence: 'keyturn:evidence',
  quiet: 'keyturn:quiet',
  cache: 'keyturn:cache',
  atMostGrace: 'keyturn:at-most-grace',
  windows: 'keyturn:windows',
  freezes: 'keyturn:freezes',
  jitter: 'keyturn:jitter',
  mostLife: 'keyturn:most-life',
  scopes: 'keyturn:scopes',
  whenDead: 'keyturn:when-dead',
  atMaxAge: 'keyturn:at-max-age',
  after: 'keyturn:after',
  soak: 'keyturn:soak',
  watch: 'keyturn:watch',
  health: 'keyturn:health',
  learn: 'keyturn:learn',
  sensitivity: 'keyturn:sensitivity',
  containWithin: 'keyturn:contain-within',
  atContainWithin: 'keyturn:at-contain-within',
} as const;

/** One tag of this beginning for each consumer: the rest of its key is the consumer's name, its value `kind:target`. */
export const CONSUMER_TAG = 'keyturn:consumer:';

export type Tags = ReadonlyMap<string, string>;

/** What a secret's tags say of it. */
export interface Registration {
  readonly installation: string;
  readonly provider: string;
  readonly owner: string;
  readonly environment: string;
  readonly purpose: string;
  /** The name of the admin secret to use; undefined means the provider's default one. */
  readonly admin: string | undefined;
  readonly policy: Policy;
  /** Who uses the token, by name. */
  readonly consumers: readonly DeclaredConsumer[];
}

function required(tags: Tags, key: string, secretName: string, example: string): string {
  const value = tags.get(key);
  if (value) return value;
  throw new KeyturnError('tag-missing', `The secret ${secretName} has no tag ${key}: add it, for example ${key}=${example}.`);
}

/** How several values stand in one tag: apart by blanks, or by a plus between blanks where they have blanks themselves. */
const LISTS = new Map<string, { readonly join: string; readonly split: RegExp }>([
  ['warnBefore', { join: ' ', split: /[\s,/]+/ }],
  ['scopes', { join: ' ', split: /\s+/ }],
  ['windows', { join: ' + ', split: /\s\+\s/ }],
  ['freezes', { join: ' + ', split: /\s\+\s/ }],
  ['health', { join: ' + ', split: /\s\+\s/ }],
]);

function policyInputOf(tags: Tags): PolicyInput {
  const keys = Object.keys(PolicyInput.shape).filter((key): key is keyof typeof PolicyInput.shape => key in TAGS);
  const stated = keys.flatMap((key) => {
    const value = tags.get(TAGS[key]);
    if (value === undefined) return [];
    const list = LISTS.get(key);
    return [[key, list ? value.split(list.split).map((part) => part.trim()).filter((part) => part !== '') : value]];
  });
  return Object.fromEntries(stated);
}

/**
 * Reads the registration of a secret from its tags; what they leave open is as the installation's own defaults say.
 * Errors: `tag-missing` names the tag to add, `tag-invalid` the one to correct, or the fields that contradict each other.
 */
export function registrationOf(tags: Tags, secretName: string, defaults: PolicyDefaults = {}): Registration {
  const installation = required(tags, TAGS.installation, secretName, 'main');
  const provider = required(tags, TAGS.provider, secretName, 'gitlab');
  const owner = required(tags, TAGS.owner, secretName, 'team-billing');
  requireRead(TAGS.field, readPath, tags, secretName);
  requireRead(TAGS.format, readFormat, tags, secretName);
  const parsed = PolicyInput.safeParse(policyInputOf(tags));
  if (!parsed.success) throw invalidTag(secretName, parsed.error);
  const environment = tags.get(TAGS.environment) ?? 'production';
  const consumers = consumersIn(tags, secretName);
  const policy = policyOf(parsed.data, { name: secretName, others: defaultsFor({ provider, environment }, defaults), consumers });
  return {
    installation,
    provider,
    owner,
    environment,
    purpose: tags.get(TAGS.purpose) ?? '',
    admin: tags.get(TAGS.admin),
    policy,
    consumers,
  };
}

/** Error: `tag-invalid`. */
function requireRead(key: string, read: (text: string) => Read<unknown>, tags: Tags, secretName: string): void {
  const tag = tags.get(key);
  const answer = tag === undefined ? undefined : read(textOfTag(tag));
  if (answer && 'fault' in answer) throw new KeyturnError('tag-invalid', `The tag ${key} of the secret ${secretName} is wrong: ${answer.fault}.`);
}

/** The tags that say where the value stands in the secret's text. Inverse of what {@link placeOf} in `payload/place.ts` reads. */
export function tagsOfPlace({ field, format }: { readonly field?: string | undefined; readonly format?: string | undefined }): [string, string][] {
  const stated = [[TAGS.field, field], [TAGS.format, format]] satisfies [string, string | undefined][];
  return stated.flatMap(([key, text]) => (text === undefined ? [] : [[key, tagTextOf(text)] satisfies [string, string]]));
}

function consumersIn(tags: Tags, secretName: string): DeclaredConsumer[] {
  const found = [...tags].filter(([key]) => key.startsWith(CONSUMER_TAG)).sort(([a], [b]) => (a < b ? -1 : 1));
  if (found.length > MOST_CONSUMERS) throw new KeyturnError('tag-invalid', `The secret ${secretName} has ${found.length} tags ${CONSUMER_TAG}…: keep ${MOST_CONSUMERS} at most, or declare one consumer of the kind event for many.`);
  return found.map(([key, value]) => consumerOrTagError({ key, value, secretName }));
}

function consumerOrTagError({ key, value, secretName }: { key: string; value: string; secretName: string }): DeclaredConsumer {
  try {
    return parseConsumer(key.slice(CONSUMER_TAG.length), value);
  } catch (error) {
    if (!(error instanceof KeyturnError)) throw error;
    throw new KeyturnError('tag-invalid', `The tag ${key} of the secret ${secretName} ${error.message}`);
  }
}

/** The tags that declare consumers. Inverse of what {@link registrationOf} reads. */
export function tagsOfConsumers(consumers: readonly DeclaredConsumer[]): [string, string][] {
  return consumers.map((one) => [`${CONSUMER_TAG}${one.name}`, consumerText(one)]);
}

function invalidTag(secretName: string, error: z.ZodError): KeyturnError {
  const issue = error.issues[0];
  const field = Object.keys(TAGS).find((key) => key === String(issue?.path[0]));
  const tag = Object.entries(TAGS).find(([key]) => key === field)?.[1] ?? 'keyturn:*';
  return new KeyturnError('tag-invalid', `The tag ${tag} of the secret ${secretName} is wrong: ${issue?.message ?? 'invalid'}.`);
}

/** Errors: `tag-invalid`, with the sentence of the fields that contradict each other. */
function policyOf(stated: StatedPolicy, about: Required<PolicyContext>): Policy {
  try {
    return policyFrom(stated, about);
  } catch (error) {
    if (!(error instanceof KeyturnError)) throw error;
    const set = Object.keys(about.others).length === 0 ? '' : ' and the policies set for its installation';
    throw new KeyturnError('tag-invalid', `The tags of the secret ${about.name}${set} contradict each other: ${error.message}`);
  }
}

/** The tags that say what a policy says, for those fields that were stated. Inverse of {@link registrationOf}. */
export function tagsOfPolicy(input: PolicyInput): [string, string][] {
  return Object.entries(input).flatMap(([key, value]) => {
    const tag = Object.entries(TAGS).find(([name]) => name === key)?.[1];
    if (tag === undefined || value === undefined) return [];
    return [[tag, Array.isArray(value) ? value.join(LISTS.get(key)?.join ?? ' ') : value] satisfies [string, string]];
  });
}
