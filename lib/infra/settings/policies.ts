import * as z from 'zod';
import { policyFrom } from '../../../functions/core/policy/contradictions.ts';
import { PolicyDefaults, PolicyInput, defaultsFor } from '../../../functions/core/policy/policy-input.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';

/** A policy as in a manifest; kept as it is written, since functions read it. */
const PolicyTexts = z
  .record(z.string(), z.union([z.string(), z.array(z.string())]))
  .superRefine((policy, context) => {
    const issue = PolicyInput.safeParse(policy).error?.issues[0];
    if (issue)
      context.addIssue({
        code: 'custom',
        path: [...issue.path],
        message:
          issue.code === 'unrecognized_keys'
            ? `has an unknown field "${issue.keys[0]}": there are ` +
              Object.keys(PolicyInput.shape).join(', ')
            : issue.message,
      });
  });

/**
 * Policies that hold where a token states nothing. Each is held against those it comes together with, as a
 * token would meet them.
 */
export function policySettings(issuerId: z.ZodType<string, string>) {
  return z
    .strictObject({
      all: PolicyTexts.optional(),
      issuers: z.partialRecord(issuerId, PolicyTexts).optional(),
      environments: z.record(z.string(), PolicyTexts).optional(),
    })
    .superRefine((policies, context) => {
      const fault = contradictionAmong(policies);
      if (fault) context.addIssue({ code: 'custom', ...fault });
    });
}

/** The first contradiction that some token would meet, and where its last part stands. */
function contradictionAmong(policies: unknown): { path: string[]; message: string } | undefined {
  const parsed = PolicyDefaults.safeParse(policies);
  if (!parsed.success) return undefined;
  const { issuers = {}, environments = {} } = parsed.data;
  for (const environment of ['', ...Object.keys(environments)]) {
    for (const issuer of ['', ...Object.keys(issuers)]) {
      const fault = faultOf({ issuer, environment }, parsed.data);
      const together = environment !== '' && issuer !== '' ? ` together with policies.issuers.${issuer}` : '';
      if (fault !== undefined)
        return { path: pathOf(issuer, environment), message: `contradicts itself${together}: ${fault}` };
    }
  }
  return undefined;
}

/** Adds what {@link unkeptPolicy} finds for the issuers that this version knows. */
export function refuseUnkept(
  { issuers, policies }: { issuers: object; policies: unknown },
  context: z.RefinementCtx,
): void {
  const unkept = unkeptPolicy(
    DESCRIPTORS.filter(({ id }) => Object.hasOwn(issuers, id)),
    policies,
  );
  if (unkept) context.addIssue({ code: 'custom', ...unkept });
}

/**
 * The first policy that a token of one of these issuers could not keep, for it states nothing itself: what
 * its issuer gives is held against it.
 */
export function unkeptPolicy(
  issuers: readonly ProviderDescriptor[],
  policies: unknown,
): { path: string[]; message: string } | undefined {
  const parsed = PolicyDefaults.safeParse(policies);
  if (!parsed.success) return undefined;
  for (const environment of ['', ...Object.keys(parsed.data.environments ?? {})]) {
    for (const issuer of issuers) {
      const others = defaultsFor({ issuer: issuer.id, environment }, parsed.data);
      const fault =
        Object.keys(others).length === 0 ? undefined : refusalOf(() => policyFrom({}, { others, issuer }));
      if (fault === undefined) continue;
      const named = parsed.data.issuers?.[issuer.id] === undefined ? '' : issuer.id;
      return {
        path: ['policies', ...pathOf(named, environment)],
        message: `has what cannot be kept: ${fault}`,
      };
    }
  }
  return undefined;
}

function pathOf(issuer: string, environment: string): string[] {
  if (environment !== '') return ['environments', environment];
  return issuer === '' ? ['all'] : ['issuers', issuer];
}

function faultOf(
  about: { issuer: string; environment: string },
  defaults: PolicyDefaults,
): string | undefined {
  return refusalOf(() => policyFrom(defaultsFor(about, defaults)));
}

function refusalOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/\.$/, '') : 'it cannot be read';
  }
}
