import { namesOf } from '../../../functions/core/basics/resource-names.ts';
import type { CliPorts } from '../command-line/command.ts';
import type { WantedToken } from './parse.ts';
import { planFor, type SecretPlan } from './plan.ts';

/** A plan with something to do. */
export type Todo = Extract<SecretPlan, { action: 'create' | 'change' }>;

/** What is to be done for each token of a manifest. Errors: those of the ports. */
export async function planAll(tokens: readonly WantedToken[], ports: CliPorts): Promise<SecretPlan[]> {
  const names = namesOf(ports.installation);
  const functions = new Map<string, string>();
  for (const { issuer } of tokens)
    functions.set(issuer, await ports.secrets.functionArn(names.rotate(issuer)));
  const context = {
    installation: ports.installation,
    rotationFunction: (issuer: string) => functions.get(issuer) ?? '',
  };
  const plans: SecretPlan[] = [];
  // One after the other: a file of hundreds of tokens stays below the rate limit of DescribeSecret.
  for (const token of tokens) plans.push(planFor(token, await ports.secrets.find(token.secret), context));
  return plans;
}

/** What there is to do. */
export function todoOf(plans: readonly SecretPlan[]): Todo[] {
  return plans.filter((plan): plan is Todo => plan.action === 'create' || plan.action === 'change');
}

/** How many of each kind, as the last line of a plan. */
export function planSummary(plans: readonly SecretPlan[]): string {
  const count = (action: SecretPlan['action']): number =>
    plans.filter((plan) => plan.action === action).length;
  const refused = count('refuse') === 0 ? '' : `, ${count('refuse')} not possible`;
  return `${count('create')} to make, ${count('change')} to change, ${count('none')} unchanged${refused}`;
}
