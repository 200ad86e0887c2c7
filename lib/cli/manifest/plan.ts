import { acceptedWithin, creationEnds } from '../../../functions/core/issuer/issuer-facts.ts';
import { CONSUMER_TAG, TAGS } from '../../../functions/core/policy/tags.ts';
import { unknownTags, unknownTagSentence } from '../../../functions/core/policy/unknown-tags.ts';
import { tagsOfConsumers, tagsOfPlace, tagsOfPolicy } from '../../../functions/core/policy/write-tags.ts';
import { policyText } from '../../../functions/core/policy/policy-input.ts';
import { DAY, formatDuration } from '../../../functions/core/basics/time.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { namesInTurn } from './names-in-turn.ts';
import type { WantedToken } from './parse.ts';
import type { FoundSecret, RotationSettings } from './secrets.ts';

/** What is to be done for one secret of the manifest. */
export type SecretPlan =
  | { readonly action: 'none'; readonly secret: string; readonly warnings: readonly string[] }
  /** Keyturn cannot or must not touch it; the sentence says why and what to do. */
  | { readonly action: 'refuse'; readonly secret: string; readonly reason: string }
  | {
      readonly action: 'create' | 'change';
      readonly secret: string;
      readonly changes: readonly Change[];
      readonly steps: Steps;
      readonly warnings: readonly string[];
    };

/** One line of the diff. */
export interface Change {
  readonly what: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What carries out a plan. */
export interface Steps {
  /** Set for a secret that is not there: it is made without a value. */
  readonly create: boolean;
  readonly setTags: ReadonlyMap<string, string>;
  /** Tags of Keyturn's that the manifest no longer states. Other tags are never touched. */
  readonly dropTags: readonly string[];
  readonly rotation: RotationSettings | undefined;
}

export interface PlanContext {
  readonly installation: string;
  /** The ARN of the rotation function of an issuer. */
  rotationFunction(issuer: string): string;
}

/** The tags that register a token as the manifest states it. */
export function tagsFor(token: WantedToken, installation: string): Map<string, string> {
  const stated: [string, string | undefined][] = [
    [TAGS.installation, installation],
    [TAGS.issuer, token.issuer],
    [TAGS.owner, token.owner],
    [TAGS.environment, token.environment],
    [TAGS.purpose, token.purpose],
    [TAGS.admin, token.admin],
    ...tagsOfPlace(token),
    ...tagsOfPolicy(policyText(token.policy ?? {})),
    ...tagsOfConsumers(token.consumers ?? []),
  ];
  return new Map(
    stated.flatMap(([key, value]) =>
      value === undefined || value === '' ? [] : [[key, value] satisfies [string, string]],
    ),
  );
}

/**
 * The backstop: Secrets Manager itself rotates when Keyturn has not done so for the maximum age and a day.
 */
export function rotationFor(token: WantedToken, context: PlanContext): RotationSettings | undefined {
  if (token.rotation === 'keep') return undefined;
  return {
    functionArn: context.rotationFunction(token.issuer),
    everyDays: Math.ceil(token.fullPolicy.maxAge / DAY) + 1,
  };
}

/** Compares one token of the manifest with what is there. Pure, and empty once it was carried out. */
export function planFor(
  token: WantedToken,
  found: FoundSecret | undefined,
  context: PlanContext,
): SecretPlan {
  const secret = token.secret;
  const reason = found
    ? objectionTo(token, found, context)
    : token.isAdmin && `There is no admin secret ${secret}: make it first, by hand; Keyturn makes none.`;
  if (reason !== undefined) return { action: 'refuse', secret, reason };
  const tags = tagsFor(token, context.installation);
  const rotation = rotationFor(token, context);
  const setTags = new Map([...tags].filter(([key, value]) => found?.tags.get(key) !== value));
  const dropTags = [...(found?.tags.keys() ?? [])]
    .filter((key) => (OUR_TAGS.has(key) || key.startsWith(CONSUMER_TAG)) && !tags.has(key))
    .sort();
  // Whoever wrote them meant something by them, so they are shown and left as they are.
  const warnings = [
    ...unknownTags(found?.tags ?? new Map()).map(({ key, near }) => unknownTagSentence(key, near)),
    ...namesInTurn(token, found),
    ...gapOf(token),
  ];
  const isRotationRight = rotation === undefined || isSame(rotation, found?.rotation);
  if (found && setTags.size === 0 && dropTags.length === 0 && isRotationRight)
    return { action: 'none', secret, warnings };
  const changes = [
    ...[...setTags].map(([key, to]): Change => ({
      what: `tag ${key}`,
      from: found?.tags.get(key) ?? null,
      to,
    })),
    ...dropTags.map((key): Change => ({ what: `tag ${key}`, from: found?.tags.get(key) ?? null, to: null })),
    ...(rotation && !isRotationRight ? rotationChanges(rotation, found?.rotation) : []),
  ];
  const steps: Steps = {
    create: !found,
    setTags,
    dropTags,
    rotation: isRotationRight ? undefined : rotation,
  };
  return { action: found ? 'change' : 'create', secret, changes, steps, warnings };
}

/** What consumers have to expect, before it happens. */
function gapOf({ issuer }: WantedToken): string[] {
  const facts = DESCRIPTORS.find(({ id }) => id === issuer);
  if (!creationEnds(facts)) return [];
  const lag = formatDuration(acceptedWithin(facts));
  return [
    `Consumers fail from each creation of a value at ${issuer} until they have read it: the one before ` +
      `ends with the creation, and AWSCURRENT moves once the new one is accepted, within ${lag} as a rule.`,
  ];
}

const OUR_TAGS: ReadonlySet<string> = new Set(Object.values(TAGS));

function objectionTo(token: WantedToken, found: FoundSecret, context: PlanContext): string | undefined {
  if (found.obstacle !== undefined) return found.obstacle;
  const installation = found.tags.get(TAGS.installation);
  if (installation !== undefined && installation !== context.installation)
    return (
      `The secret ${token.secret} is registered with the installation "${installation}": remove its tag ` +
      `${TAGS.installation} first, if that one is to let it go.`
    );
  const issuer = found.tags.get(TAGS.issuer);
  if (installation !== undefined && issuer !== undefined && issuer !== token.issuer)
    return (
      `The secret ${token.secret} is registered for the issuer "${issuer}", which made its credentials: ` +
      `use another secret for "${token.issuer}".`
    );
  return pendingOfOthers(token, found, context);
}

/**
 * Secrets Manager takes no rotation settings while a version is pending that is not current, and Keyturn ends
 * nobody else's rotation.
 */
function pendingOfOthers(
  token: WantedToken,
  { pending, rotation }: FoundSecret,
  context: PlanContext,
): string | undefined {
  const wanted = rotationFor(token, context);
  if (pending === undefined || wanted === undefined || rotation?.functionArn === wanted.functionArn)
    return undefined;
  const whose =
    rotation?.functionArn === undefined
      ? 'another tool staged it'
      : `the function ${rotation.functionArn} staged it`;
  return (
    `Version ${pending} of the secret ${token.secret} is labelled AWSPENDING and is not current: ` +
    `${whose}, and its rotation is under way or did not end. Let it end; if it is not waited for, take ` +
    'the label off ' +
    `(aws secretsmanager update-secret-version-stage --secret-id ${token.secret} --version-stage ` +
    `AWSPENDING --remove-from-version-id ${pending}), then apply again.`
  );
}

function isSame(wanted: RotationSettings, found: FoundSecret['rotation']): boolean {
  return (
    found !== undefined && found.functionArn === wanted.functionArn && found.everyDays === wanted.everyDays
  );
}

function rotationChanges(wanted: RotationSettings, found: FoundSecret['rotation']): Change[] {
  const schedule =
    found?.schedule ?? (found?.everyDays === undefined ? null : `every ${found.everyDays} days`);
  const changes: Change[] = [
    { what: 'rotation function', from: found?.functionArn ?? null, to: wanted.functionArn },
    { what: 'backstop schedule', from: schedule, to: `every ${wanted.everyDays} days` },
  ];
  return changes.filter((one) => one.from !== one.to);
}
