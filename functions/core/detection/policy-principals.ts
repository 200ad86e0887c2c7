import * as z from 'zod';
import { parseJson } from '../basics/json.ts';

const Some = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const Policy = z.object({
  Statement: z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])]),
});
const Statement = z.object({
  Effect: z.string(),
  Principal: z
    .union([z.string().transform((one) => ({ AWS: [one] })), z.record(z.string(), Some)])
    .optional(),
  NotPrincipal: z.unknown().optional(),
});

/** Whom a resource policy lets in beside its own account. */
export type Outsiders = { readonly known: true; readonly who: readonly string[] } | { readonly known: false };

/**
 * Reads a resource policy for principals that are not of the account: other accounts by their number,
 * everybody as `*`. Conditions are not weighed: they may be as wide as one likes. Not known where the text is
 * no policy. Source: IAM User Guide, "AWS JSON policy elements: Principal" and "NotPrincipal".
 */
export function outsidersIn(text: string | null | undefined, account: string): Outsiders {
  const policy = Policy.safeParse(parseJson(text ?? ''));
  if (!policy.success) return { known: false };
  const who = new Set<string>();
  for (const one of policy.data.Statement) {
    const statement = Statement.safeParse(one);
    if (!statement.success) return { known: false };
    const { Effect, Principal, NotPrincipal } = statement.data;
    if (Effect !== 'Allow') continue;
    if (NotPrincipal !== undefined) who.add('*');
    for (const named of Principal?.['AWS'] ?? []) if (accountOf(named) !== account) who.add(accountOf(named));
  }
  return { known: true, who: [...who] };
}

/** An account's number, or what else stands there: `*`, or the id of a principal that is gone. */
function accountOf(principal: string): string {
  return (
    /^(\d{12})$/.exec(principal)?.[1] ??
    /^arn:[a-z-]+:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1] ??
    principal.slice(0, 64)
  );
}
