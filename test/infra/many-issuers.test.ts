import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { Keyturn } from '../../lib/infra/index.ts';
import { SettingsError, type SettingsInput } from '../../lib/infra/settings.ts';
import { LIMITS, tooLarge } from '../../lib/infra/stack-limits.ts';
import type { SizeKind } from '../../lib/infra/stack-sizes.ts';
import { documentSizes, sizesOf, withIssuers } from './sizes.ts';
import { ALL_ISSUERS, ALL_SETTINGS, makeApp } from './synth.ts';

const EVERY = Object.fromEntries(DESCRIPTORS.map(({ id }) => [id, {}]));

describe('twenty-five issuers with every other setting in one stack', () => {
  const synth = withIssuers(25, { full: true });

  it('is within all that AWS limits', () => {
    const sizes = sizesOf(synth);
    assert.deepEqual(Object.keys(sizes).sort(), Object.keys(LIMITS).sort());
    for (const [kind, { name, size }] of Object.entries(sizes)) assert.ok(size > 0, `${kind} of ${name}`);
  });

  it('is measured no smaller than it is in a Region', () => {
    const sizes = sizesOf(synth);
    const real = documentSizes(synth);
    assert.ok(sizes['managed-policy'].size >= real.managedPolicy);
    assert.ok(sizes['role-policies'].size >= real.rolePolicies);
    assert.ok(sizes.template.size >= real.template * 0.99, `${sizes.template.size} of ${real.template}`);
    assert.ok(sizes['managed-policy'].size <= real.managedPolicy * 1.5);
    assert.ok(sizes['role-policies'].size <= real.rolePolicies * 1.5);
    assert.equal(sizes.resources.size, Object.keys(synth.resources).length);
  });
});

function long(count: number, conditions = false): PolicyStatement[] {
  return Array.from(
    { length: count },
    (_, index) =>
      new PolicyStatement({
        actions: ['s3:GetObject'],
        resources: [`arn:aws:s3:::bucket-${index}/${'folder/'.repeat(8)}*`],
        ...(conditions && { principals: [new AccountPrincipal('111122223333')] }),
      }),
  );
}

/** The sentence with which a stack is refused, that something was added to. */
function refusal(
  settings: Partial<SettingsInput>,
  add: (keyturn: Keyturn, stack: Stack) => void = () => {},
): string {
  const app: App = makeApp();
  const stack = new Stack(app, 'main');
  add(new Keyturn(stack, 'Keyturn', { issuers: ALL_ISSUERS, ...settings }), stack);
  try {
    app.synth();
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return 'not refused';
}

const accounts = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => String(100_000_000_000 + index));

const REFUSED: Readonly<Record<SizeKind, [() => string, RegExp]>> = {
  resources: [
    () =>
      refusal({ ...ALL_SETTINGS, issuers: EVERY }, (_, stack) => {
        for (let index = 0; index < 400; index++)
          new CfnResource(stack, `Other${index}`, { type: 'AWS::SNS::Topic' });
      }),
    /^The stack main has \d+ resources, and CloudFormation takes at most 500\. Name fewer issuers or addresses for alerts, set "nestedStacks": true where /,
  ],
  template: [
    () =>
      refusal({}, (_, stack) => {
        const properties = { DashboardBody: 'x'.repeat(1_000_000) };
        new CfnResource(stack, 'Other', { type: 'AWS::CloudWatch::Dashboard', properties });
      }),
    /^The template of the stack main has \d+ bytes, and CloudFormation takes at most 1000000\. Set .* Name fewer /,
  ],
  'managed-policy': [
    () => refusal({}, (keyturn) => keyturn.people.operator.addStatements(...long(60))),
    /^The managed policy keyturn-main-operator\S* has \d+ characters, and IAM takes at most 6144\. Attach /,
  ],
  'role-policies': [
    () =>
      refusal({
        delivery: {
          lambda: Array.from({ length: 150 }, (_, index) => ({
            secret: `prod/${index}`,
            target: `billing-with-a-long-name-that-a-function-may-have-${index}`,
          })),
        },
      }),
    /^The role of keyturn-main-deliver has \d+ characters of policies, and IAM takes at most 10240\. Name fewer delivery targets /,
  ],
  environment: [
    () =>
      refusal({
        alerts: {
          routes: Array.from({ length: 400 }, (_, index) => ({
            owner: `team-${(index * 7919).toString(36)}`,
            emails: [`${(index * 104729).toString(36)}@example.com`],
          })),
        },
      }),
    /^The function keyturn-main-alert has \d+ bytes of environment, and Lambda takes at most 4096\. Name fewer alerts\.routes, /,
  ],
  'queue-policy': [
    () =>
      refusal({}, (keyturn) => {
        for (const one of long(80, true)) keyturn.health.signals.queue.addToResourcePolicy(one);
      }),
    /^The policy of the queue keyturn-main-health has \d+ bytes, and SQS takes at most 8192\. Take away /,
  ],
  'topic-policy': [
    () =>
      refusal({}, (keyturn) => {
        for (const one of long(300, true)) keyturn.alerts.topic.addToResourcePolicy(one);
      }),
    /^The policy of the topic keyturn-main-alerts has \d+ bytes, and SNS takes at most 30000\. Take away /,
  ],
  'bus-policy': [
    () => refusal({ staging: { acceptFrom: accounts(120) } }),
    /^The policy of the event bus keyturn-main has \d+ characters, and EventBridge takes at most 10240\. Name fewer accounts under staging\.acceptFrom\.$/,
  ],
};

describe('what AWS would not take', () => {
  for (const [kind, [refused, sentence]] of Object.entries(REFUSED))
    it(`is refused at synth in one sentence with what to do: ${kind}`, () => {
      assert.match(refused(), sentence);
    });

  it('is told from what is just small enough', () => {
    assert.equal(tooLarge({ kind: 'resources', name: 'main', size: 500 }), undefined);
    assert.match(
      tooLarge({ kind: 'resources', name: 'main', size: 501 }) ?? '',
      /^The stack main has 501 resources/,
    );
  });

  it('is also what two installations in one stack have together', () => {
    const app = makeApp();
    const stack = new Stack(app, 'both');
    for (const installation of ['first', 'second', 'third'])
      new Keyturn(stack, installation, { installation, issuers: EVERY });
    assert.throws(
      () => app.synth(),
      /^SettingsError: The stack both has \d+ resources.*second installation/s,
    );
  });
});
