import { policyFrom, whyUnkept, type PolicyContext } from './contradictions.ts';
import { KeyturnError } from '../basics/errors.ts';
import { DEFAULT_POLICY, type Policy } from './policy.ts';
import type { StatedPolicy } from './policy-input.ts';

/** The policy that is in force, and why it is not the one that is stated. */
export interface KeptPolicy {
  readonly policy: Policy;
  /** One sentence about fields that cannot be kept together, of the token, or at its issuer. */
  readonly fault?: string;
}

/**
 * Settings that let a credential be revoked. They are taken only from tags that were understood as a whole.
 */
const DEADLY: Partial<Record<keyof StatedPolicy, string>> = {
  onMaxGrace: 'revoke',
  onMaxAge: 'revoke',
  onContainmentDeadline: 'revoke',
};

/**
 * The policy that is stated, where it can be kept. Else the last one that was in force, if it can be, and
 * else the default with those fields that can be kept with it, one after the other: a policy that cannot be
 * kept must not stop a rotation. `isWhole` says whether everything that is stated could be read.
 */
export function keptPolicy(
  stated: StatedPolicy,
  about: PolicyContext,
  seen: { readonly isWhole: boolean; readonly last?: Policy | undefined },
): KeptPolicy {
  const { policy, fault } = attempted(stated, about);
  if (policy !== undefined && seen.isWhole) return { policy };
  const last = seen.last !== undefined && whyUnkept(seen.last, about) === undefined ? seen.last : undefined;
  return { policy: last ?? piecedPolicy(stated, about), ...(fault !== undefined && { fault }) };
}

function attempted(stated: StatedPolicy, about: PolicyContext): { policy?: Policy; fault?: string } {
  try {
    return { policy: policyFrom(stated, about) };
  } catch (error) {
    if (error instanceof KeyturnError) return { fault: error.message };
    throw error;
  }
}

function piecedPolicy(stated: StatedPolicy, about: PolicyContext): Policy {
  const others = keepable(about.others ?? {}, { ...about, others: {} });
  const own = keepable(withoutDeadly(stated), { ...about, others });
  const pieced = attempted(own, { ...about, others }).policy ?? DEFAULT_POLICY;
  // A policy that asks for evidence that cannot be had keeps old credentials: they must not be revoked on
  // less.
  return { ...pieced, evidence: stated.evidence ?? about.others?.evidence ?? pieced.evidence };
}

/** Those fields, in their order, that can be kept together with the ones before. */
function keepable(stated: StatedPolicy, about: PolicyContext): StatedPolicy {
  let kept: string[] = [];
  for (const key of Object.keys(stated))
    if (attempted(only(stated, [...kept, key]), about).policy !== undefined) kept = [...kept, key];
  return only(stated, kept);
}

function withoutDeadly(stated: StatedPolicy): StatedPolicy {
  const deadly = Object.entries(DEADLY).flatMap(([key, word]) =>
    Object.entries(stated).some(([field, value]) => field === key && value === word) ? [key] : [],
  );
  return only(
    stated,
    Object.keys(stated).filter((key) => !deadly.includes(key)),
  );
}

function only(stated: StatedPolicy, keys: readonly string[]): StatedPolicy {
  const part = { ...stated };
  for (const key of Object.keys(part)) if (!keys.includes(key)) Reflect.deleteProperty(part, key);
  return part;
}
