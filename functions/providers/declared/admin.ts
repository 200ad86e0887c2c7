import * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { Grants, type GrantRule } from '../grant-of.ts';
import { GrantedSecret, readAdmin } from '../grants.ts';
import { IssuerUrl, issuerRoot } from '../hosts.ts';
import type { Declaration } from './declaration.ts';

/** What admin secrets of an issuer are read by. */
export type Readable<A, P, G> = Pick<
  Declaration<A, P, G>,
  'descriptor' | 'admin' | 'place' | 'grant' | 'mostDays' | 'fault' | 'alone' | 'apiPath' | 'atOrigin'
>;

/**
 * A grant as it stands in the admin secret, beside what names its account and what its credentials may do.
 */
interface Granted<P> {
  readonly secret: string;
  readonly formerly?: P[] | undefined;
  readonly maxDays?: number | undefined;
}

interface DeclaredAdmin<A> {
  readonly url: string;
  readonly admin: A;
  /** As they stand there: each is read when a secret that it is for is opened. */
  readonly grants: readonly unknown[];
}

/** More days than any issuer's credentials last. */
const MOST_DAYS = 3_650;

/**
 * Reads admin secrets of an issuer: strictly, so that a misspelt field does not pass for one left out.
 * Errors: as `readAdmin`.
 */
export function adminReader<A, P, G>(is: Readable<A, P, G>): (admin: Secret) => DeclaredAdmin<A> {
  const common = z.strictObject({
    url: is.atOrigin ? IssuerUrl : issuerRoot(is.apiPath),
    grants: Grants.min(1),
  });
  const schema = z.intersection(common, is.admin);
  return (admin) => {
    const read = readAdmin(is.descriptor.id, admin, schema);
    return { url: read.url, admin: read, grants: read.grants };
  };
}

/** How the grants of an issuer are read. */
export function grantRule<A, P, G>(is: Readable<A, P, G>): GrantRule<P & G & Granted<P>> {
  const { id, expiry } = is.descriptor;
  const secret = is.alone ? oneSecret(is.alone.kind) : GrantedSecret;
  const common = { secret, formerly: z.array(is.place).optional() };
  const maxDays = z
    .number()
    .int()
    .min(1)
    .max(is.mostDays ?? expiry.maxDays ?? MOST_DAYS);
  const granted: z.ZodType<Granted<P>> = expiry.settable
    ? z.strictObject({ ...common, maxDays })
    : z.strictObject(common);
  return {
    provider: id,
    schema: z.intersection(z.intersection(is.place, is.grant), granted).superRefine((grant, context) => {
      const fault = is.fault?.(grant);
      if (fault) context.addIssue({ code: 'custom', path: [fault.field], message: fault.problem });
    }),
    ...(is.alone && { alone: is.alone }),
  };
}

function oneSecret(kind: string) {
  return GrantedSecret.refine(
    (name) => !name.endsWith('*'),
    `must be the exact name of one secret, since the ${kind} must be its alone`,
  );
}
