import type { Construct } from 'constructs';
import { SettingsError } from './settings.ts';
import { sizesIn, type Size, type SizeKind } from './stack-sizes.ts';

interface Limit {
  readonly most: number;
  /** What is limited, before its name. */
  readonly what: string;
  readonly unit: string;
  /** Who takes no more. */
  readonly service: string;
  /** What to do, as a sentence. */
  readonly advice: string;
}

const SMALLER_STACK =
  'Name fewer issuers or addresses for alerts, set "nestedStacks": true where nothing is deployed yet, or ' +
  'deploy a second installation in a stack of its own for some of them.';

/**
 * What AWS takes at most. "CloudFormation quotas": resources, and a template in S3. "IAM and AWS STS quotas":
 * managed policies, and all inline policies of a role together. "Lambda quotas": environment variables.
 * Amazon SQS developer guide, "Amazon SQS policy quotas". Amazon SNS developer guide, "Amazon SNS API
 * permissions", policy quotas. "Amazon EventBridge quotas", event bus policy size. Where a page says MB or kB
 * it is read as the smaller of its two meanings.
 */
export const LIMITS: Readonly<Record<SizeKind, Limit>> = {
  resources: {
    most: 500,
    what: 'The stack',
    unit: 'resources',
    service: 'CloudFormation',
    advice: SMALLER_STACK,
  },
  template: {
    most: 1_000_000,
    what: 'The template of the stack',
    unit: 'bytes',
    service: 'CloudFormation',
    advice: `Set "@aws-cdk/core:suppressTemplateIndentation" in cdk.json where it is not. ${SMALLER_STACK}`,
  },
  'managed-policy': {
    most: 6_144,
    what: 'The managed policy',
    unit: 'characters',
    service: 'IAM',
    advice: 'Attach what you added to it as a policy of its own.',
  },
  'role-policies': {
    most: 10_240,
    what: 'The role of',
    unit: 'characters of policies',
    service: 'IAM',
    advice: 'Name fewer delivery targets or secretKmsKeyArns, or attach what you added as a managed policy.',
  },
  environment: {
    most: 4_096,
    what: 'The function',
    unit: 'bytes of environment',
    service: 'Lambda',
    advice: 'Name fewer alerts.routes, policies or delivery targets.',
  },
  'queue-policy': {
    most: 8_192,
    what: 'The policy of the queue',
    unit: 'bytes',
    service: 'SQS',
    advice: 'Take away some of what you added to it.',
  },
  'topic-policy': {
    most: 30_000,
    what: 'The policy of the topic',
    unit: 'bytes',
    service: 'SNS',
    advice: 'Take away some of what you added to it.',
  },
  'bus-policy': {
    most: 10_240,
    what: 'The policy of the event bus',
    unit: 'characters',
    service: 'EventBridge',
    advice: 'Name fewer accounts under staging.acceptFrom.',
  },
};

/** Why something of this size cannot be deployed, and what to do; undefined where it can. */
export function tooLarge({ kind, name, size }: Size): string | undefined {
  const { most, what, unit, service, advice } = LIMITS[kind];
  if (size <= most) return undefined;
  return `${what} ${name} has ${size} ${unit}, and ${service} takes at most ${most}. ${advice}`;
}

/**
 * Refuses at synth, before AWS does, what is too large to be deployed. Error: {@link SettingsError} for the
 * first that is.
 */
export function refuseTooLarge(installation: Construct): void {
  installation.node.addValidation({
    validate() {
      const problem = sizesIn(installation)
        .map(tooLarge)
        .find((one) => one !== undefined);
      if (problem !== undefined) throw new SettingsError(problem);
      return [];
    },
  });
}
