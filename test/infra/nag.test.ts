import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { Keyturn } from '../../lib/infra/index.ts';
import { KeyturnStack } from '../../lib/infra/keyturn-stack.ts';
import type { SettingsInput } from '../../lib/infra/settings.ts';
import { ALL_ISSUERS, ALL_SETTINGS, makeApp } from './synth.ts';

function findingsIn(stack: IConstruct): string[] {
  const { violations } = new AwsSolutionsChecks(stack).validateScope(stack);
  return violations.flatMap((violation) =>
    violation.violatingResources.map((resource) => `${violation.ruleName} at ${resource.constructPath}`),
  );
}

function stackWith(settings: SettingsInput): KeyturnStack {
  return new KeyturnStack(makeApp(), 'keyturn-main', { settings });
}

function acknowledgements(stack: IConstruct): { at: IConstruct; id: string; reason: string }[] {
  return stack.node
    .findAll()
    .flatMap((at) =>
      at.node.metadata
        .filter((entry) => entry.type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap((entry) => Object.entries<string>(entry.data).map(([id, reason]) => ({ at, id, reason }))),
    );
}

for (const [name, settings] of Object.entries<SettingsInput>({
  'issuers alone': { issuers: ALL_ISSUERS },
  'all settings': ALL_SETTINGS,
}))
  test(`AwsSolutions finds nothing with ${name}`, () => {
    assert.deepEqual(findingsIn(stackWith(settings)), []);
  });

test('each acknowledgement names one resource and says why', () => {
  const made = acknowledgements(stackWith(ALL_SETTINGS));
  assert.ok(made.length > 10);
  for (const { at, reason } of made) {
    assert.ok(
      at.node.findAll().filter((node) => CfnResource.isCfnResource(node)).length <= 3,
      `${at.node.path} is more than a resource and its policy`,
    );
    assert.ok(reason.length > 30 && reason.endsWith('.'), reason);
  }
});

test('no acknowledgement is left over from a finding that is gone', () => {
  const stack = stackWith(ALL_SETTINGS);
  const unforgiving = new AwsSolutionsChecks(stack);
  Object.defineProperty(unforgiving, 'isAcknowledged', { value: () => false });
  const found = unforgiving.validateScope(stack).violations.flatMap((violation) =>
    violation.violatingResources.map((resource) => ({
      rule: violation.ruleName,
      path: resource.constructPath,
    })),
  );
  for (const { at, id } of acknowledgements(stack)) {
    const rule = id.replace(/^\w+::/, '');
    assert.ok(
      found.some((one) => one.rule === rule && one.path?.startsWith(at.node.path)),
      `${id} at ${at.node.path}`,
    );
  }
});

test('a stack of somebody else, bound to an account, has no findings either', () => {
  const stack = new Stack(makeApp(), 'platform', {
    env: { account: '111122223333', region: 'eu-central-1' },
  });
  new Keyturn(stack, 'Tokens', { installation: 'platform', ...ALL_SETTINGS });
  assert.deepEqual(findingsIn(stack), []);
});
