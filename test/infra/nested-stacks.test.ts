import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NestedStack, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Template } from 'aws-cdk-lib/assertions';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { Keyturn } from '../../lib/infra/index.ts';
import type { SettingsInput } from '../../lib/infra/settings.ts';
import { tooLarge } from '../../lib/infra/stack-limits.ts';
import { sizesIn } from '../../lib/infra/stack-sizes.ts';
import { ALL_SETTINGS, makeApp, type Json } from './synth.ts';

interface Deployed {
  readonly keyturn: Keyturn;
  /** What the outer stack and each nested one are made of, by the id of the issuer. */
  readonly outer: Json;
  readonly nested: ReadonlyMap<string, Json>;
}

function deployed(settings: SettingsInput): Deployed {
  const stack = new Stack(makeApp(), 'main');
  const keyturn = new Keyturn(stack, 'Keyturn', settings);
  const stacks = keyturn.node.findAll().filter((one) => NestedStack.isNestedStack(one));
  return {
    keyturn,
    outer: Template.fromStack(stack).toJSON(),
    nested: new Map(
      stacks.map((one) => [one.node.id.replace('Issuer-', ''), Template.fromStack(one).toJSON()]),
    ),
  };
}

function ofType(template: Json, type: string): Json[] {
  return Object.values<Json>(template.Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);
}

const issuers = (count: number): SettingsInput['issuers'] =>
  Object.fromEntries(DESCRIPTORS.slice(0, count).map(({ id }) => [id, {}]));
/** So many as one stack holds too. */
const FULL = { ...ALL_SETTINGS, issuers: issuers(25) };

describe('an installation with a nested stack for each issuer', () => {
  const one = deployed(FULL);
  const many = deployed({ ...FULL, nestedStacks: true });

  it('holds every issuer with every other setting, and as many again', () => {
    const every = deployed({ ...FULL, issuers: issuers(DESCRIPTORS.length), nestedStacks: true });
    const sizes = sizesIn(every.keyturn);
    assert.deepEqual(
      sizes.map(tooLarge).filter((problem) => problem !== undefined),
      [],
    );
    const resources = sizes.filter(({ kind }) => kind === 'resources');
    assert.equal(resources.length, DESCRIPTORS.length + 1);
    const outer = resources.find(({ name }) => name === 'main')?.size ?? Infinity;
    assert.equal(outer, Object.keys(every.outer.Resources).length);
    assert.ok(outer + DESCRIPTORS.length < 500 - DESCRIPTORS.length, `${outer} resources`);
  });

  it('has the same functions, queues, roles and logs, under the same names', () => {
    for (const [type, property] of [
      ['AWS::Lambda::Function', 'FunctionName'],
      ['AWS::SQS::Queue', 'QueueName'],
      ['AWS::Logs::LogGroup', 'LogGroupName'],
      ['AWS::Lambda::EventSourceMapping', 'BatchSize'],
    ] as const) {
      const names = (templates: Iterable<Json>): string[] =>
        [...templates]
          .flatMap((template) => ofType(template, type))
          .map((properties) => String(properties[property]))
          .toSorted();
      assert.deepEqual(names([many.outer, ...many.nested.values()]), names([one.outer]), type);
    }
  });

  it('lets nothing of the outer stack wait for a nested one', () => {
    assert.doesNotMatch(JSON.stringify(many.outer), /Outputs\.|Fn::ImportValue/);
    for (const template of many.nested.values()) assert.equal(template.Outputs, undefined);
    assert.doesNotMatch(JSON.stringify(many.outer.Outputs), /"Export"/);
  });

  it('is watched by the same alarms', () => {
    const alarms = (template: Json): string[] =>
      ofType(template, 'AWS::CloudWatch::Alarm')
        .map((alarm) => JSON.stringify([alarm.AlarmName, alarm.Metrics, alarm.Dimensions]))
        .toSorted();
    assert.deepEqual(alarms(many.outer), alarms(one.outer));
  });

  it('asks for encrypted messages in each of them', () => {
    for (const [id, template] of many.nested) {
      const [policy, ...others] = ofType(template, 'AWS::SQS::QueuePolicy');
      assert.equal(others.length, 0);
      assert.equal(policy.Queues.length, 2, id);
      assert.equal(policy.PolicyDocument.Statement[0].Condition.Bool['aws:SecureTransport'], 'false');
    }
  });

  it('changes no other nested stack when an issuer comes or goes', () => {
    const fewer = deployed({ ...FULL, issuers: issuers(24), nestedStacks: true });
    for (const [id, template] of fewer.nested) assert.deepEqual(template, many.nested.get(id), id);
  });

  it('is refused by the name of what is too large, also where that lies in a nested stack', () => {
    const { keyturn } = deployed({ issuers: { gitlab: {} }, nestedStacks: true });
    for (let index = 0; index < 150; index++)
      keyturn.providers.get('gitlab')?.worker.allow(
        new PolicyStatement({
          actions: ['s3:GetObject'],
          resources: [`arn:aws:s3:::bucket-${index}/${'x'.repeat(40)}`],
        }),
      );
    assert.match(
      sizesIn(keyturn)
        .map(tooLarge)
        .find((problem) => problem !== undefined) ?? '',
      /^The role of keyturn-main-worker-gitlab has \d{5} characters of policies, and IAM takes at most 10240\./,
    );
  });
});
