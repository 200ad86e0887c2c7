import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { KeyturnStack } from '../../infra/keyturn-stack.ts';
import type { SettingsInput } from '../../infra/settings.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** Settings that add every function, queue and topic to the stack that belongs to no issuer. */
const EVERYTHING = {
  alerts: { emails: ['tokens@example.com'], chat: {} },
  pager: { secretName: 'ops/pager' },
  leaks: {
    sources: ['com.example.scanner'],
    github: { webhookSecret: 'ops/webhook', tokenSecret: 'ops/token' },
  },
  staging: {
    forwardTo: ['arn:aws:events:eu-central-1:444455556666:event-bus/keyturn-main'],
    acceptFrom: ['777788889999'],
  },
  detection: { trail: true },
  delivery: { kinds: ['event', 'webhook', 'github', 'gitlab-variable', 'kubernetes'] },
} satisfies Omit<SettingsInput, 'issuers'>;

/** What is lost when CloudFormation replaces it: records, keys, messages, confirmed subscriptions, logs. */
const STATEFUL = [
  'DynamoDB::GlobalTable',
  'KMS::Key',
  'Events::EventBus',
  'SNS::Topic',
  'SQS::Queue',
  'Logs::LogGroup',
];

/** The property that holds the physical name of a resource of a type. */
const NAMED_BY: Readonly<Record<string, string>> = {
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CloudWatch::Dashboard': 'DashboardName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::Events::EventBus': 'Name',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Scheduler::Schedule': 'Name',
};

const Resources = z.record(
  z.string(),
  z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
);
type Resources = z.infer<typeof Resources>;

export interface TemplateInterface {
  /** Logical id to type. */
  readonly stateful: Record<string, string>;
  /** Physical name to type, of the installation `main`. */
  readonly names: Record<string, string>;
}

/** So many issuers as one stack holds with every setting. */
const AT_ONCE = 25;

/** What a template with every setting promises. Bundles nothing, so that it takes some seconds at most. */
export function templateInterface(): TemplateInterface {
  const parts = Array.from({ length: Math.ceil(DESCRIPTORS.length / AT_ONCE) }, (_, part) =>
    resourcesWith(DESCRIPTORS.slice(part * AT_ONCE, (part + 1) * AT_ONCE)),
  );
  return interfaceOf(Object.assign({}, ...parts));
}

function resourcesWith(descriptors: typeof DESCRIPTORS): Resources {
  const issuers = Object.fromEntries(descriptors.map(({ id }) => [id, {}]));
  const stack = new KeyturnStack(makeApp(), 'keyturn-main', { settings: { ...EVERYTHING, issuers } });
  return Resources.parse(Template.fromStack(stack).toJSON()['Resources']);
}

function makeApp(): App {
  const { context } = z
    .object({ context: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')));
  return new App({
    builtinCloudFormationValidation: false,
    context: { ...context, 'aws:cdk:bundling-stacks': [] },
  });
}

function interfaceOf(resources: Resources): TemplateInterface {
  const all = Object.entries(resources);
  const stateful = all.filter(([, { Type }]) => STATEFUL.some((type) => Type === `AWS::${type}`));
  const names = all.flatMap(([, { Type, Properties }]): [string, string][] => {
    const name = nameIn(Type, Properties);
    return name === undefined ? [] : [[name, Type]];
  });
  return {
    stateful: Object.fromEntries(stateful.map(([id, { Type }]) => [id, Type])),
    names: Object.fromEntries(names),
  };
}

/** The name of a resource, where the template gives it one. */
function nameIn(type: string, properties: Readonly<Record<string, unknown>>): string | undefined {
  const name = properties[NAMED_BY[type] ?? ''];
  return name === undefined ? undefined : textOf(name);
}

const Join = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });
const Ref = z.object({ Ref: z.string() });

/** A name with what only a deployment knows in angle brackets: `keyturn-main-viewer-<AWS::Region>`. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const joined = Join.safeParse(value).data;
  if (joined) return joined['Fn::Join'][1].map(textOf).join(joined['Fn::Join'][0]);
  const ref = Ref.safeParse(value).data;
  return ref ? `<${ref.Ref}>` : `<${JSON.stringify(value)}>`;
}
