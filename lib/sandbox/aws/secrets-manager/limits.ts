import { AwsError } from '../errors.ts';
import { isFields } from '../patterns.ts';
import type { PolicyDocument } from '../types.ts';
import { invalidParameter } from './state.ts';

/** Quota: tags of one secret (user guide, "Secrets Manager quotas"). */
const MAX_TAGS = 50;

/** Errors: ValidationException, in the words of the service, for a name that no secret can have. */
export function checkName(secretId: string): void {
  if (secretId.startsWith('arn:') || /^[\w/+=.@!-]+$/.test(secretId)) return;
  throw new AwsError(
    'ValidationException',
    'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: ' +
      '-/_+=.@!',
  );
}

/**
 * Errors: InvalidParameterException for keys that belong to AWS (General Reference, "Tagging your
 * resources"), and for more tags than a secret can have.
 */
export function checkTags(present: Iterable<string>, added: readonly { readonly Key: string }[]): void {
  const reserved = added.find(({ Key }) => /^aws:/i.test(Key));
  if (reserved)
    throw invalidParameter(`Tag keys that begin with aws: are reserved for AWS: ${reserved.Key}.`);
  const all = new Set([...present, ...added.map(({ Key }) => Key)]);
  if (all.size > MAX_TAGS)
    throw invalidParameter(`A secret can have ${MAX_TAGS} tags; this would make ${all.size}.`);
}

function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isAnybody(principal: unknown): boolean {
  const named = isFields(principal) ? Object.values(principal) : [principal];
  return named.flatMap(listed).includes('*');
}

/**
 * Keys of conditions that hold callers to known accounts, networks or resources (user guide, "Block public
 * access to secrets"; IAM's keys for "public" policies).
 */
const NARROWING =
  /^(?:aws:(?:principal(?:account|arn|orgid|orgpaths)|source(?:account|arn|ip|orgid|orgpaths|owner|vpc|vpce)|userid|resourceaccount|vpcsourceip)|kms:.*|s3:.*)$/i;

function isNarrowed(condition: unknown): boolean {
  if (!isFields(condition)) return false;
  return Object.entries(condition).some(
    ([operator, keys]) =>
      !/not|null/i.test(operator) &&
      isFields(keys) &&
      Object.entries(keys).some(
        ([key, value]) =>
          NARROWING.test(key) &&
          !listed(value).some((one) => one === '*' || one === '0.0.0.0/0' || one === '::/0'),
      ),
  );
}

/**
 * Errors: PublicPolicyException when a statement lets in anybody without a condition that holds them to
 * somebody known.
 */
export function checkNotPublic(policy: PolicyDocument): void {
  const isPublic = listed(policy['Statement']).some(
    (one) =>
      isFields(one) &&
      one['Effect'] === 'Allow' &&
      (isAnybody(one['Principal']) || 'NotPrincipal' in one) &&
      !isNarrowed(one['Condition']),
  );
  if (isPublic)
    throw new AwsError(
      'PublicPolicyException',
      'The BlockPublicPolicy parameter is set to true, and the resource policy did not prevent broad ' +
        'access to the secret.',
    );
}
