/** Every kind of consumer, with what Keyturn delivers to it and what shows that it moved. */
import * as z from 'zod';
import { HOUR, type Millis } from '../basics/time.ts';

interface ConsumerRule {
  readonly title: string;
  /** How its target is written. */
  readonly form: string;
  readonly example: string;
  readonly pattern: RegExp;
  /** What Keyturn does after a promotion: `nothing` where it only watches the consumer. */
  readonly delivery: 'restart' | 'event' | 'value' | 'nothing';
  /** What shows that the delivery arrived, in words. */
  readonly proof: string;
  /**
   * Whether a delivery that arrived shows that the consumer moved. Otherwise it is notified, and Keyturn
   * waits.
   */
  readonly moves: boolean;
  /** How long after that work that began before may still use the previous value. */
  readonly holds: Millis;
}

const WORD = '[A-Za-z0-9_.-]{1,100}';
/** Source: AWS Secrets Manager API Reference, CreateSecret (Name). What a tag holds has 256 characters. */
const SECRET_NAME = '[A-Za-z0-9/_+=.@-]{1,256}';
/** A step of a path, in the characters of tags and grants. */
const FIELD = '[A-Za-z0-9_+=/:@-]{1,256}';

/** Every kind of consumer. The set is closed: the stack, the manifest, the checks and the docs read it. */
export const CONSUMER_RULES = {
  ecs: {
    title: 'Amazon ECS service',
    form: 'cluster/service',
    example: 'prod/billing-api',
    pattern: new RegExp(`^${WORD}/${WORD}$`),
    delivery: 'restart',
    proof: 'a deployment begun after the promotion is completed and no older task is left',
    moves: true,
    holds: 0,
  },
  lambda: {
    title: 'Lambda function that caches the value',
    form: 'function',
    example: 'billing-api',
    pattern: /^[A-Za-z0-9_-]{1,64}$/,
    delivery: 'event',
    proof: 'Lambda accepted the invocation',
    moves: true,
    holds: 0,
  },
  github: {
    title: 'GitHub Actions secret',
    form: 'owner/repo[/environment]:NAME',
    example: 'acme/billing:DEPLOY_TOKEN',
    pattern: new RegExp(`^${WORD}/${WORD}(/${WORD})?:[A-Za-z_][A-Za-z0-9_]{0,99}$`),
    delivery: 'value',
    proof: 'GitHub shows the secret as updated since the delivery',
    moves: true,
    // A job on a hosted runner may take six hours. Source: docs.github.com, "Usage limits, billing, and
    // administration".
    holds: 6 * HOUR,
  },
  'gitlab-variable': {
    title: 'GitLab CI/CD variable',
    form: 'projects/number:KEY or groups/number:KEY',
    example: 'projects/42:DEPLOY_TOKEN',
    pattern: /^(projects|groups)\/[1-9]\d{0,15}:[A-Za-z0-9_]{1,255}$/,
    delivery: 'value',
    proof: 'the variable holds the new value when it is read back',
    moves: true,
    // A job takes an hour unless its project says otherwise. Source: docs.gitlab.com, "Customize pipeline
    // configuration".
    holds: HOUR,
  },
  kubernetes: {
    title: 'Kubernetes secret',
    form: 'cluster/namespace/secret/key',
    example: 'prod/billing/gitlab-token/token',
    pattern: new RegExp(`^${WORD}/[a-z0-9-]{1,63}/[a-z0-9.-]{1,200}/${WORD}$`),
    delivery: 'value',
    proof: 'the API server shows the new value',
    moves: true,
    holds: 0,
  },
  secret: {
    title: 'Field of another secret of Secrets Manager',
    form: 'secret-name:FIELD',
    example: 'prod/app:GITLAB_TOKEN',
    pattern: new RegExp(`^${SECRET_NAME}:${FIELD}(\\.${FIELD})*$`),
    delivery: 'value',
    proof: 'the secret holds the new value when it is read back',
    moves: true,
    holds: 0,
  },
  webhook: {
    title: 'Signed webhook',
    form: 'name',
    example: 'billing-reload',
    pattern: new RegExp(`^${WORD}$`),
    delivery: 'event',
    proof: 'it answers 2xx and repeats the id of the delivery',
    moves: true,
    holds: 0,
  },
  event: {
    title: 'Listener on the bus of the installation',
    form: 'name',
    example: 'billing-batch',
    pattern: new RegExp(`^${WORD}$`),
    delivery: 'event',
    proof: 'EventBridge accepted the event',
    moves: false,
    holds: 0,
  },
  role: {
    title: 'IAM role that reads the secret itself',
    form: 'role or its ARN',
    example: 'billing-api',
    pattern: /^(arn:[a-z-]+:iam::\d{12}:(role|user)\/)?[A-Za-z0-9_+=.@/-]{1,128}$/,
    delivery: 'nothing',
    proof: 'it was seen to read the new version',
    moves: false,
    holds: 0,
  },
  ack: {
    title: 'Person or pipeline that says so',
    form: 'who',
    example: 'team-billing',
    pattern: /^[\p{L}\p{N} _.:/=+@-]{1,100}$/u,
    delivery: 'nothing',
    proof: '`keyturn consumer confirm` was run for it',
    moves: false,
    holds: 0,
  },
  service: {
    title: 'Service that says which of its versions uses what',
    form: 'service',
    example: 'billing-api',
    pattern: new RegExp(`^${WORD}$`),
    delivery: 'nothing',
    proof: 'every version that used the old credential was released',
    moves: false,
    holds: 0,
  },
} as const satisfies Record<string, ConsumerRule>;

/** The kinds, as tags and the manifest write them. */
export const CONSUMER_KINDS = z.enum([
  'ecs',
  'lambda',
  'github',
  'gitlab-variable',
  'kubernetes',
  'secret',
  'webhook',
  'event',
  'role',
  'ack',
  'service',
]);

export type ConsumerKind = z.infer<typeof CONSUMER_KINDS>;

/** Every kind has a rule and every rule a kind, or this line does not compile. */
CONSUMER_RULES satisfies Record<ConsumerKind, ConsumerRule>;
CONSUMER_KINDS.enum satisfies Record<keyof typeof CONSUMER_RULES, string>;

/** What holds for a kind. */
export function ruleOf(kind: ConsumerKind): ConsumerRule {
  return CONSUMER_RULES[kind];
}

/** Whether Keyturn delivers something to this kind after a promotion. */
export function isDelivered(kind: ConsumerKind): boolean {
  return ruleOf(kind).delivery !== 'nothing';
}

/** Whether a text names a target in the form of a kind. */
export function isTarget(kind: ConsumerKind, target: string): boolean {
  return ruleOf(kind).pattern.test(target) && !/(^|\/)\.{1,2}($|[/:])/.test(target);
}

/** An example of a declaration, as tags write it. */
export function exampleOf(kind: ConsumerKind): string {
  return `${kind}:${ruleOf(kind).example}`;
}
