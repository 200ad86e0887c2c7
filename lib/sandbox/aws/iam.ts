import { runUnsafeSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import { parseJson } from '../../../functions/core/basics/json.ts';
import { AwsError } from './errors.ts';
import { isFields } from './patterns.ts';
import type { Check, PolicyDocument, Principal } from './types.ts';

export interface Home {
  readonly account: string;
  readonly region: string;
}

/**
 * A principal's ARN as it stands in `Principal`, error texts and the event log; a service's name for a
 * service.
 */
export function principalName(principal: Principal, home: Home): string {
  switch (principal.kind) {
    case 'root':
      return `arn:aws:iam::${home.account}:root`;
    case 'role':
      return `arn:aws:sts::${home.account}:assumed-role/${principal.name}/${principal.session}`;
    case 'service':
      return principal.service;
  }
}

/** The condition keys IAM knows of every request. */
function contextOf(principal: Principal, home: Home, check: Check): Record<string, string | string[]> {
  const always = { 'aws:SecureTransport': 'true', 'aws:RequestedRegion': home.region, ...check.context };
  if (principal.kind === 'service') {
    const from = { 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': principal.service };
    // EventBridge does not tell KMS for whom it calls (SNS developer guide, "Key management": conditions on
    // the source are not supported from EventBridge to encrypted topics).
    if (principal.service === 'events.amazonaws.com' && check.action.startsWith('kms:'))
      return { ...always, ...from };
    return { ...always, ...from, 'aws:SourceArn': principal.sourceArn, 'aws:SourceAccount': home.account };
  }
  const arn =
    principal.kind === 'role'
      ? `arn:aws:iam::${home.account}:role/${principal.name}`
      : principalName(principal, home);
  return {
    ...always,
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalAccount': home.account,
    'aws:PrincipalArn': arn,
  };
}

const ids = new WeakMap<object, number>();
let lastId = 0;

/** A number that stands for one object as long as it exists: policies are compared by identity. */
function idOf(policy: object | undefined): number {
  if (!policy) return 0;
  const known = ids.get(policy);
  if (known !== undefined) return known;
  ids.set(policy, ++lastId);
  return lastId;
}

/**
 * The simulator needs a resource policy to have a name, and takes one from this form only (iam-policy,
 * `ValidatedPolicy`).
 */
function named(policyDocument: PolicyDocument): object {
  return { __validated: true, policyDocument, metadata: { name: 'resource-policy' } };
}

function simulate(principal: Principal, home: Home, check: Check): string {
  const policies = principal.kind === 'role' ? principal.policies : [];
  const simulation: Simulation = {
    request: {
      principal: principalName(principal, home),
      action: check.action,
      resource: { resource: check.resource, accountId: check.account ?? home.account },
      contextVariables: contextOf(principal, home, check),
    },
    identityPolicies: policies.map((policy, index) => ({ name: `policy-${index}`, policy })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(check.resourcePolicy && { resourcePolicy: named(check.resourcePolicy) }),
  };
  return runUnsafeSimulation(simulation, {});
}

function sentence(principal: Principal, home: Home, check: Check, explicit: boolean): string {
  const where =
    principal.kind === 'service' || (check.account ?? home.account) !== home.account
      ? 'resource-based'
      : 'identity-based';
  const why = explicit
    ? 'with an explicit deny'
    : `because no ${where} policy allows the ${check.action} action`;
  return (
    `User: ${principalName(principal, home)} is not authorized to perform: ${check.action} on resource: ` +
    `${check.resource} ${why}`
  );
}

/**
 * Decides calls by identity and resource policies, through iam-simulate; decisions are remembered, so a
 * repeated call costs a look-up.
 */
export function createIam(home: Home): (principal: Principal, check: Check) => void {
  const decisions = new Map<string, string>();
  return (principal, check) => {
    if (principal.kind === 'root') return;
    const policies = idOf(principal.kind === 'role' ? principal.policies : undefined);
    const source = principal.kind === 'service' ? principal.sourceArn : '';
    const context = check.context ? JSON.stringify(check.context) : '';
    const key = [
      principalName(principal, home),
      source,
      policies,
      idOf(check.resourcePolicy),
      check.action,
      check.resource,
      check.account ?? '',
      context,
    ].join('\n');
    const decision = decisions.get(key) ?? simulate(principal, home, check);
    decisions.set(key, decision);
    if (decision !== 'Allowed')
      throw new AwsError(
        'AccessDeniedException',
        sentence(principal, home, check, decision === 'ExplicitlyDenied'),
      );
  };
}

/** A policy as a document: some calls carry it as text. */
export function parsePolicy(text: string): PolicyDocument {
  const parsed = parseJson(text);
  if (!isFields(parsed))
    throw new AwsError('MalformedPolicyDocumentException', 'This resource policy contains invalid JSON.');
  return parsed;
}
