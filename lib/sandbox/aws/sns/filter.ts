import { AwsError } from '../errors.ts';
import { isFields, patternIn } from '../patterns.ts';
import type { Subscription } from './topic.ts';

/** Limits of a filter policy (developer guide, "Filter policy constraints"). */
const MAX_KEYS = 5;
const MAX_COMBINATIONS = 150;

function refused(reason: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: FilterPolicy: ${reason}`);
}

/** How many values each field lists, times how deep it stands. */
function weights(policy: Readonly<Record<string, unknown>>, depth = 1): number[] {
  return Object.values(policy).flatMap((part) => {
    if (Array.isArray(part)) return [part.length * depth];
    return isFields(part) ? weights(part, depth + 1) : [];
  });
}

/** Errors: InvalidParameter for a filter policy that SNS refuses. */
export function checkFilter({ filterPolicy, filterPolicyScope }: Subscription): void {
  if (!filterPolicy || Object.keys(filterPolicy).length === 0) return;
  try {
    patternIn(filterPolicy);
  } catch (error) {
    throw refused(error instanceof AwsError ? error.message : 'it cannot be read');
  }
  if (filterPolicyScope !== 'MessageBody' && Object.values(filterPolicy).some(isFields))
    throw refused('Filter policy scope MessageAttributes does not support nested filter policy');
  const all = weights(filterPolicy);
  if (all.length > MAX_KEYS) throw refused(`Filter policy can not have more than ${MAX_KEYS} keys`);
  if (all.reduce((product, one) => product * one, 1) > MAX_COMBINATIONS)
    throw refused(`Filter policy is too complex: more than ${MAX_COMBINATIONS} combinations of values`);
}
