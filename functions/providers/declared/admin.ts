import * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { GrantedSecret, oneSecretEachEver, readAdmin } from '../grants.ts';
import { issuerRoot } from '../hosts.ts';
import type { Alone, Declaration } from './declaration.ts';

/** A grant as it stands in the admin secret. */
interface Granted<P> {
  readonly secret: string;
  readonly formerly?: P[] | undefined;
  readonly maxDays?: number | undefined;
}

export interface DeclaredAdmin<A, P, G> {
  readonly url: string;
  readonly admin: A;
  readonly grants: readonly (P & G & Granted<P>)[];
}

/** More days than any issuer's credentials live. */
const MOST_DAYS = 3_650;

/** The schema of an issuer's admin secret: strict, so that a misspelt field does not pass for one left out. */
function adminSchema<A, P, G>(is: Declaration<A, P, G>) {
  const { expiry } = is.descriptor;
  const secret = is.alone ? oneSecret(is.alone.kind) : GrantedSecret;
  const common = { secret, formerly: z.array(is.place).optional() };
  const maxDays = z
    .number()
    .int()
    .min(1)
    .max(expiry.maxDays ?? MOST_DAYS);
  const granted: z.ZodType<Granted<P>> = expiry.settable
    ? z.strictObject({ ...common, maxDays })
    : z.strictObject(common);
  const grants = z
    .array(z.intersection(z.intersection(is.place, is.grant), granted))
    .min(1)
    .superRefine((all, context) => {
      if (is.alone) checkAlone(is.alone, all, context);
    });
  return z.intersection(z.strictObject({ url: issuerRoot(is.apiPath), grants }), is.admin);
}

/** {@link oneSecretEachEver} for a field that only the declaration knows. */
function checkAlone(
  { field, kind }: Alone,
  grants: readonly Granted<unknown>[],
  context: z.RefinementCtx,
): void {
  const rows = grants.map((grant) => ({
    secret: grant.secret,
    account: textIn(grant, field),
    formerly: grant.formerly?.map((place) => ({ account: textIn(place, field) })),
  }));
  oneSecretEachEver('account', kind)(rows, {
    ...context,
    addIssue: (issue) => {
      if (typeof issue === 'string') return context.addIssue(issue);
      const path = issue.path?.map((part) => (part === 'account' ? field : part));
      context.addIssue({ ...issue, ...(path && { path }) });
    },
  });
}

function textIn(holder: unknown, field: string): string {
  const fields = z.record(z.string(), z.unknown()).safeParse(holder);
  const text = fields.data?.[field];
  return typeof text === 'string' ? text : '';
}

function oneSecret(kind: string) {
  return GrantedSecret.refine(
    (name) => !name.endsWith('*'),
    `must be the exact name of one secret, since the ${kind} must be its alone`,
  );
}

/** Reads admin secrets of an issuer. Errors: as `readAdmin`. */
export function adminReader<A, P, G>(is: Declaration<A, P, G>): (admin: Secret) => DeclaredAdmin<A, P, G> {
  const schema = adminSchema(is);
  return (admin) => {
    const read = readAdmin(is.descriptor.id, admin, schema);
    return { url: read.url, admin: read, grants: read.grants };
  };
}
