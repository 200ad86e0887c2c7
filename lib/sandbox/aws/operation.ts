import * as z from 'zod';
import { AwsError, notImplemented } from './errors.ts';
import type { Operation, Plan, Principal } from './types.ts';

/** An operation whose input follows a schema. A field that the schema does not know is one the sandbox does not implement. */
export function operation<S extends z.ZodType>(name: string, schema: S, plan: (input: z.output<S>, principal: Principal) => Plan): [string, Operation] {
  return [
    name,
    (input, principal) => {
      const parsed = schema.safeParse(input ?? {});
      if (parsed.success) return plan(parsed.data, principal);
      const [issue] = parsed.error.issues;
      if (issue?.code === 'unrecognized_keys') throw notImplemented(`${issue.keys.join(', ')} of ${name}`);
      throw new AwsError('ValidationException', `1 validation error detected: ${issue?.path.join('.') ?? 'input'} of ${name} is not valid: ${issue?.code ?? ''}`);
    },
  ];
}
