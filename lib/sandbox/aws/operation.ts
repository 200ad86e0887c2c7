import * as z from 'zod';
import { AwsError, notImplemented } from './errors.ts';
import type { Operation, Plan, Principal } from './types.ts';

function at(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    input,
  );
}

/**
 * As services name members in what they refuse: the first letter in lower case, places in lists counted from
 * 1.
 */
function memberName(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => (typeof step === 'number' ? `${step + 1}.member` : String(step)));
  return steps.map((step) => step.charAt(0).toLowerCase() + step.slice(1)).join('.');
}

function constraint(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      return (
        `have ${issue.origin === 'number' || issue.origin === 'int' ? 'value' : 'length'} greater than ` +
        `or equal to ${issue.minimum}`
      );
    case 'too_big':
      return (
        `have ${issue.origin === 'number' || issue.origin === 'int' ? 'value' : 'length'} less than or ` +
        `equal to ${issue.maximum}`
      );
    case 'invalid_value':
      return `satisfy enum value set: [${issue.values.map(String).join(', ')}]`;
    case 'invalid_format':
      return `satisfy regular expression pattern: ${issue.pattern ?? issue.format}`;
    case 'invalid_type':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return `be valid (${issue.message})`;
  }
}

/**
 * What a service answers to an input that breaks its model: one that has another type is no request at all,
 * one that is missing or out of bounds breaks a rule.
 */
function refusal(name: string, input: unknown, issue: z.core.$ZodIssue | undefined): AwsError {
  if (!issue) return new AwsError('ValidationException', `The input of ${name} is not valid.`);
  if (issue.code === 'unrecognized_keys') return notImplemented(`${issue.keys.join(', ')} of ${name}`);
  const member = memberName(issue.path);
  const given = at(input, issue.path);
  if (issue.code === 'invalid_type' && given !== undefined && given !== null)
    return new AwsError(
      'SerializationException',
      `${member === '' ? 'The input' : member} of ${name} has another type than ${issue.expected}.`,
    );
  const isMissing = given === undefined || given === null;
  const rule = isMissing ? 'not be null' : constraint(issue);
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value${isMissing ? ' null' : ''} at '${member}' failed to satisfy ` +
      `constraint: Member must ${rule}`,
  );
}

/**
 * An operation whose input follows a schema. A field that the schema does not know is one the sandbox does
 * not implement.
 */
export function operation<S extends z.ZodType>(
  name: string,
  schema: S,
  plan: (input: z.output<S>, principal: Principal) => Plan,
): [string, Operation] {
  return [
    name,
    (input, principal) => {
      const parsed = schema.safeParse(input ?? {});
      if (parsed.success) return plan(parsed.data, principal);
      throw refusal(name, input, parsed.error.issues[0]);
    },
  ];
}
