import * as z from 'zod';
import { KeyturnError } from '../core/basics/errors.ts';
import { adminSecretOf } from '../core/basics/names.ts';
import { GrantedSecret, faultIn, type Fault } from './grants.ts';

/**
 * The grants of an admin secret as they stand in its text. Each is read when a secret that it is for is
 * opened: a fault in one grant concerns the secrets of that grant alone.
 */
export const Grants = z.array(z.unknown());

/** How an issuer's grants are read. */
export interface GrantRule<G> {
  /** The id of the provider. */
  readonly provider: string;
  readonly schema: z.ZodType<G>;
  /**
   * The field that names an account which serves one secret alone, or lists several such, and what such an
   * account is called; left out where accounts are shared.
   */
  readonly alone?: { readonly field: string; readonly kind: string };
}

interface Fitting {
  readonly index: number;
  readonly secret: string;
}

/**
 * The grant for a secret: one with its exact name, else the one with the longest start of it; for an admin
 * secret its exact name alone. Errors: `not-granted`; `admin-invalid` when two grants fit equally, when the
 * one that fits is wrong, or when it shares an account that serves one secret.
 */
export function grantFor<G>(rule: GrantRule<G>, grants: readonly unknown[], secretName: string): G {
  const [best, next] = fittingIn(grants, secretName);
  if (best === undefined)
    throw new KeyturnError(
      'not-granted',
      `No grant for the secret ${secretName}: add one to the field grants of the admin secret of ` +
        `${rule.provider}.`,
    );
  const parsed = rule.schema.safeParse(grants[best.index]);
  if (!parsed.success) throw wrongIn(rule, best.index, parsed.error.issues[0]);
  if (next?.secret === best.secret)
    throw new KeyturnError(
      'admin-invalid',
      `The field grants of the admin secret of ${rule.provider} names the secret ${best.secret} twice.`,
    );
  const shared = sharedIn(rule.alone, grants, best.index);
  if (shared) throw wrongIn(rule, best.index, shared);
  return parsed.data;
}

/** The grants that are as they should be, each by itself. */
export function readableGrants<G>(rule: GrantRule<G>, grants: readonly unknown[]): G[] {
  return grants.flatMap((grant) => {
    const parsed = rule.schema.safeParse(grant);
    return parsed.success ? [parsed.data] : [];
  });
}

/** The best first. */
function fittingIn(grants: readonly unknown[], secretName: string): Fitting[] {
  return grants
    .map((grant, index) => ({ index, secret: meantBy(grant) }))
    .filter(
      ({ secret }) =>
        fits(secret, secretName) && !(secret.endsWith('*') && adminSecretOf(secretName) !== undefined),
    )
    .sort((a, b) => rank(b.secret) - rank(a.secret));
}

/**
 * Which secrets a grant is for, read leniently, so that one whose name is wrong is not passed over for a
 * wider one: a name without what no name has, up to its first `*`. A grant that says nothing may be for any
 * secret that has no other one.
 */
function meantBy(grant: unknown): string {
  const text = textIn(grant, 'secret') ?? '';
  const name = text.replace(/[^\w/+=.@*-]/g, '').replace(/\*.*$/, '*');
  return name === '' ? '*' : name;
}

function fits(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

function rank(pattern: string): number {
  return pattern.endsWith('*') ? pattern.length : Number.MAX_SAFE_INTEGER;
}

function textIn(holder: unknown, field: string): string | undefined {
  if (typeof holder !== 'object' || holder === null) return undefined;
  const text: unknown = Object.entries(holder).find(([key]) => key === field)?.[1];
  return typeof text === 'string' ? text : undefined;
}

/** The accounts that a grant names. */
function accountsIn(grant: unknown, field: string): string[] {
  if (typeof grant !== 'object' || grant === null) return [];
  const named: unknown = Object.entries(grant).find(([key]) => key === field)?.[1];
  const list: readonly unknown[] = Array.isArray(named) ? named : [named];
  return list.flatMap((one) => (typeof one === 'string' || typeof one === 'number' ? [String(one)] : []));
}

/** The accounts that a grant names as former ones, in their places; none for what names none. */
function formerIn(grant: unknown, field: string): string[][] {
  if (typeof grant !== 'object' || grant === null || !('formerly' in grant)) return [];
  const { formerly } = grant;
  return Array.isArray(formerly) ? formerly.map((one: unknown) => accountsIn(one, field)) : [];
}

/**
 * What keeps a grant, which is right by itself, from being used: another one names its account, or one of its
 * former accounts. Other grants are held against it whatever else is wrong with them.
 */
function sharedIn(
  alone: GrantRule<unknown>['alone'],
  grants: readonly unknown[],
  index: number,
): Fault | undefined {
  if (alone === undefined) return undefined;
  const { field, kind } = alone;
  const accounts = accountsIn(grants[index], field);
  const others = grants.flatMap((grant, at) => (at === index ? [] : [{ grant, at }]));
  const common = (some: readonly string[], more: readonly string[]): string | undefined =>
    some.find((one) => more.includes(one));
  const fault = (path: PropertyKey[], what: string): Fault => ({
    code: 'custom',
    path,
    message: `It ${what}: one ${kind} serves one secret`,
  });
  for (const { grant, at } of others) {
    const account = common(accounts, accountsIn(grant, field));
    if (account !== undefined)
      return fault(
        [field],
        `grants the ${kind} ${account} to ${secretOf(grants[index])}, and grants[${at}] grants it to ` +
          secretOf(grant),
      );
  }
  for (const [place, former] of formerIn(grants[index], field).entries())
    for (const { grant, at } of others) {
      const account = common(former, accountsIn(grant, field));
      if (account !== undefined)
        return fault(
          ['formerly', place, field],
          `names the ${kind} ${account}, which grants[${at}] grants to ${secretOf(grant)} now`,
        );
    }
  for (const { grant, at } of others) {
    const account = common(accounts, formerIn(grant, field).flat());
    if (account !== undefined)
      return fault(
        [field],
        `grants the ${kind} ${account} to ${secretOf(grants[index])}, and grants[${at}], for ` +
          `${secretOf(grant)}, names it under formerly`,
      );
  }
  return undefined;
}

/** The name of a grant's secret; a text that is no name is not repeated. */
function secretOf(grant: unknown): string {
  const name = GrantedSecret.safeParse(textIn(grant, 'secret'));
  return name.success ? name.data : 'another secret';
}

function wrongIn({ provider }: GrantRule<unknown>, index: number, issue: Fault | undefined): KeyturnError {
  return faultIn({ code: 'admin-invalid', what: `the admin secret of ${provider}` }, issue, [
    'grants',
    index,
  ]);
}
