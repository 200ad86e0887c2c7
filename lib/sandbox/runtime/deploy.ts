import * as z from 'zod';
import { deployEvents } from './deploy-events.ts';
import { deployFunctions, deployMappings } from './deploy-functions.ts';
import { deployQueues, deployTopics } from './deploy-messages.ts';
import { deployTables } from './deploy-tables.ts';
import type { Deployment } from './deployment.ts';
import { counted, step, type OnStep } from './steps.ts';

const TABLES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];
/** Types that are deployed here, or as part of the resource they belong to. */
const DEPLOYED = [
  'AWS::KMS::Key',
  'AWS::KMS::Alias',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::Events::EventBus',
  'AWS::Events::EventBusPolicy',
  'AWS::Events::Rule',
  'AWS::Scheduler::Schedule',
  'AWS::IAM::Role',
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SNS::Subscription',
];
/** Types that change nothing on one machine: logs go to files, nobody counts metrics. */
const WITHOUT_EFFECT = [
  'AWS::Logs::LogGroup',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::CDK::Metadata',
];

/**
 * Deploys a template into the sandbox's AWS. Errors: a sentence for a resource type that the sandbox does
 * not know.
 */
export async function deploy(deployment: Deployment, onStep?: OnStep): Promise<void> {
  const unknown = deployment.template.resources.find(
    ({ type }) => !DEPLOYED.includes(type) && !WITHOUT_EFFECT.includes(type),
  );
  if (unknown)
    throw new Error(`The sandbox does not know the resource type ${unknown.type} (${unknown.id}).`);
  const told = (name: string, resultOf: () => string, run: () => void | Promise<void>): Promise<void> =>
    step(onStep, name, run, resultOf);
  const count = (noun: string, ...types: string[]): string =>
    counted(types.flatMap((type) => deployment.template.of(type)).length, noun);
  await told(
    'deploying keys and tables',
    () => `${count('key', 'AWS::KMS::Key')} and ${count('table', ...TABLES)} deployed`,
    async () => {
      deployKeys(deployment);
      await deployTables(deployment);
    },
  );
  await told(
    'deploying queues and functions',
    () => `${count('queue', 'AWS::SQS::Queue')} and ${count('function', 'AWS::Lambda::Function')} deployed`,
    () => {
      deployQueues(deployment);
      deployFunctions(deployment);
    },
  );
  await told(
    'deploying topics, schedules and rules',
    () =>
      `${count('topic', 'AWS::SNS::Topic')}, ${count('schedule', 'AWS::Scheduler::Schedule')} and ` +
      `${count('rule', 'AWS::Events::Rule')} deployed`,
    () => {
      deployTopics(deployment);
      deployMappings(deployment);
      deployEvents(deployment);
    },
  );
}

const Key = z.looseObject({
  KeyPolicy: z.record(z.string(), z.unknown()),
  KeySpec: z.string().default('SYMMETRIC_DEFAULT'),
});
const Alias = z.looseObject({ AliasName: z.string(), TargetKeyId: z.string() });

function deployKeys({ aws, template }: Deployment): void {
  const aliases = template.of('AWS::KMS::Alias').map(({ properties }) => Alias.parse(properties));
  for (const key of template.of('AWS::KMS::Key')) {
    const { KeyPolicy, KeySpec } = Key.parse(key.properties);
    const alias = aliases
      .find(({ TargetKeyId }) => TargetKeyId === key.ref || TargetKeyId === key.attributes['Arn'])
      ?.AliasName.replace(/^alias\//, '');
    aws.kms.add({
      id: key.ref,
      spec: KeySpec === 'HMAC_256' ? 'HMAC_256' : 'SYMMETRIC_DEFAULT',
      policy: KeyPolicy,
      ...(alias !== undefined && { alias }),
    });
  }
}
