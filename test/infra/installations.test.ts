import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stack } from 'aws-cdk-lib';
import { Keyturn, SettingsError } from '../../lib/infra/index.ts';
import { ALL_ISSUERS, Synthesised, makeApp } from './synth.ts';

const NAMES: [string, string][] = [
  ['AWS::Lambda::Function', 'FunctionName'],
  ['AWS::SQS::Queue', 'QueueName'],
  ['AWS::DynamoDB::GlobalTable', 'TableName'],
  ['AWS::Events::EventBus', 'Name'],
  ['AWS::SNS::Topic', 'TopicName'],
  ['AWS::Scheduler::Schedule', 'Name'],
  ['AWS::CloudWatch::Alarm', 'AlarmName'],
  ['AWS::KMS::Alias', 'AliasName'],
  ['AWS::Logs::LogGroup', 'LogGroupName'],
  ['AWS::IAM::ManagedPolicy', 'ManagedPolicyName'],
];

test('two installations live side by side, even in one stack', () => {
  const stack = new Stack(makeApp(), 'both');
  new Keyturn(stack, 'First', { installation: 'first', issuers: ALL_ISSUERS });
  new Keyturn(stack, 'Second', { installation: 'second', issuers: ALL_ISSUERS });
  const synth = new Synthesised(stack);
  for (const [type, property] of NAMES) {
    const names = synth.of(type).map(([, resource]) => synth.text(resource.Properties[property]));
    assert.ok(names.length >= 2 && names.length % 2 === 0, type);
    assert.equal(new Set(names).size, names.length, type);
    for (const name of names) assert.match(name, /keyturn[-/](first|second)/);
  }
  assert.ok(Object.keys(synth.resources).length < 500, 'CloudFormation takes 500 resources a stack');
});

test('an issuer that is not named gets no functions', () => {
  const stack = new Stack(makeApp(), 'one');
  new Keyturn(stack, 'Keyturn', { issuers: { okta: {} } });
  const names = new Synthesised(stack)
    .of('AWS::Lambda::Function')
    .map(([, fn]) => String(fn.Properties['FunctionName']));
  assert.deepEqual(names.sort(), [
    'keyturn-main-alert',
    'keyturn-main-discover',
    'keyturn-main-health',
    'keyturn-main-leaks',
    'keyturn-main-measure',
    'keyturn-main-reconcile',
    'keyturn-main-rotate-okta',
    'keyturn-main-router',
    'keyturn-main-sweep',
    'keyturn-main-worker-okta',
  ]);
});

test('wrong settings of a construct are one sentence too', () => {
  assert.throws(
    () => new Keyturn(new Stack(makeApp(), 'wrong'), 'Keyturn', { installation: 'No', issuers: ALL_ISSUERS }),
    (error) => error instanceof SettingsError && error.message.startsWith('settings: installation is "No": '),
  );
});
