import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { namesOf } from '../../functions/core/basics/resource-names.ts';
import { Keyturn } from '../../lib/infra/index.ts';
import { sizesIn } from '../../lib/infra/stack-sizes.ts';
import { SettingsError, parseSettings } from '../../lib/infra/settings.ts';
import { createIam } from '../../lib/sandbox/aws/iam.ts';
import type { PolicyDocument } from '../../lib/sandbox/aws/types.ts';
import { resolved, withIssuers } from './sizes.ts';
import { ALL_SETTINGS, synthesised, type Synthesised } from './synth.ts';

const FULL = synthesised(ALL_SETTINGS);
const may = createIam({ account: '111122223333', region: 'eu-central-1' });

/** Names that begin as ours do, and those that a pattern could take for ours. */
const OTHERS = ['main-2', 'mainly', 'main-workers', 'main-rotated', 'work'];

/** The names of a kind in this installation and, with theirs, in others. */
function world(type: string, property: string): string[] {
  const ours = FULL.of(type).map(([, one]) => FULL.text(one.Properties[property]));
  const theirs = OTHERS.flatMap((other) =>
    ours.map((name) => name.replace(/^keyturn-main/, `keyturn-${other}`)),
  );
  return [...ours, ...theirs, 'orders', 'keyturn-main', 'keyturn-main-worker', 'keyturn-main-rotate'];
}

function managedPolicies(synth: Synthesised): Map<string, PolicyDocument> {
  return new Map(
    synth
      .of('AWS::IAM::ManagedPolicy')
      .map(([, one]) => [
        synth.text(one.Properties['ManagedPolicyName']).replace('-eu-central-1', ''),
        resolved(one.Properties['PolicyDocument'], synth),
      ]),
  );
}

/** All that the role of a function is allowed inline. */
function policiesOf(synth: Synthesised, fn: string): PolicyDocument[] {
  const roleId: string = synth.fn(fn).Properties['Role']['Fn::GetAtt'][0];
  return synth.resources[roleId]?.Properties['Policies'].map((one: { PolicyDocument: unknown }) =>
    resolved(one.PolicyDocument, synth),
  );
}

function environments(synth: Synthesised): Map<string, number> {
  const [installation] = synth.stack.node.findAll().filter((one) => one instanceof Keyturn);
  assert.ok(installation);
  const sizes = sizesIn(installation).filter(({ kind }) => kind === 'environment');
  return new Map(sizes.map(({ name, size }) => [name, size]));
}

function allowed(
  policies: readonly PolicyDocument[],
  action: string,
  arns: readonly string[],
  context: Record<string, string> = {},
): string[] {
  const principal = { kind: 'role', name: 'somebody', session: 'one', policies } as const;
  return arns
    .filter((resource) => {
      try {
        may(principal, { action, resource, context });
        return true;
      } catch {
        return false;
      }
    })
    .map((arn) => arn.split(':').at(-1) ?? arn)
    .sort();
}

const QUEUES = world('AWS::SQS::Queue', 'QueueName').map(
  (name) => `arn:aws:sqs:eu-central-1:111122223333:${name}`,
);
const FUNCTIONS = world('AWS::Lambda::Function', 'FunctionName').map(
  (name) => `arn:aws:lambda:eu-central-1:111122223333:function:${name}`,
);
const IDS = Object.keys(ALL_SETTINGS.issuers);
const WORKERS = IDS.map((id) => `keyturn-main-worker-${id}`).sort();
const ROTATE = IDS.map((id) => `keyturn-main-rotate-${id}`).sort();
const OTHER_WORK = [
  'alert',
  'changes',
  'chat',
  'deliver',
  'health',
  'leaks',
  'pager',
  'requests',
  'trail',
].map((part) => `keyturn-main-${part}`);

function personsPolicy(name: string): PolicyDocument[] {
  const policy = managedPolicies(FULL).get(`keyturn-main-${name}`);
  assert.ok(policy, name);
  return [policy];
}

/** Every issuer at once: more than one stack holds. */
const EVERY_SETTING = { full: true, nestedStacks: true };

describe('policies by the rule of names', () => {
  it('of people are the same with one issuer and with all', () => {
    const one = managedPolicies(withIssuers(1, EVERY_SETTING));
    assert.deepEqual(
      [...one.keys()].sort(),
      ['operator', 'registrar', 'viewer'].map((n) => `keyturn-main-${n}`),
    );
    const all = managedPolicies(withIssuers(DESCRIPTORS.length, EVERY_SETTING));
    // It names the issuers whose values people create, and there is none without such an issuer.
    assert.ok(all.delete('keyturn-main-submitter'));
    assert.deepEqual(all, one);
  });

  it('of functions are the same too, but of those that each issuer has', () => {
    const one = withIssuers(1, EVERY_SETTING);
    const all = withIssuers(DESCRIPTORS.length, EVERY_SETTING);
    const names = one
      .of('AWS::Lambda::Function')
      .map(([, fn]) => String(fn.Properties['FunctionName']))
      .filter((name) => !/-(rotate|worker)-/.test(name));
    assert.ok(names.length > 10);
    for (const name of names) assert.deepEqual(policiesOf(all, name), policiesOf(one, name), name);
  });

  it('leave environments to grow by the ids of issuers, and two numbers for each', () => {
    const [one, all] = [1, DESCRIPTORS.length].map((count) =>
      environments(withIssuers(count, EVERY_SETTING)),
    );
    const room = DESCRIPTORS.reduce((sum, { id }) => sum + 2 * id.length + ',,=1000/3000'.length, 0);
    for (const [name, size] of all ?? [])
      if (!/-(rotate|worker)-/.test(name)) {
        const grown = size - (one?.get(name) ?? 0);
        assert.ok(grown <= room, `${name} by ${grown}, more than ${room}`);
      }
  });

  it("let an operator send to this installation's queues alone, and to no dead-letter queue", () => {
    assert.deepEqual(
      allowed(personsPolicy('operator'), 'sqs:SendMessage', QUEUES),
      [...OTHER_WORK, ...WORKERS].sort(),
    );
  });

  it('let an operator move back what its queues gave up, and look into no other queue', () => {
    for (const action of ['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'])
      assert.deepEqual(
        allowed(personsPolicy('operator'), `sqs:${action}`, QUEUES),
        [...OTHER_WORK, ...WORKERS].map((name) => `${name}-dlq`).sort(),
        action,
      );
  });

  it('let people invoke nothing else than they are to', () => {
    const invoke = 'lambda:InvokeFunction';
    assert.deepEqual(allowed(personsPolicy('operator'), invoke, FUNCTIONS), ['keyturn-main-leaks']);
    assert.deepEqual(allowed(personsPolicy('registrar'), invoke, FUNCTIONS), ROTATE);
    assert.deepEqual(allowed(personsPolicy('viewer'), invoke, FUNCTIONS), []);
  });

  it("let a registrar attach this installation's rotation functions alone", () => {
    const secret = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:billing-AbCdEf';
    const attached = FUNCTIONS.filter(
      (fn) =>
        allowed(personsPolicy('registrar'), 'secretsmanager:RotateSecret', [secret], {
          'secretsmanager:ResourceTag/keyturn:installation': 'main',
          'secretsmanager:RotationLambdaARN': fn,
        }).length > 0,
    );
    assert.deepEqual(attached.map((fn) => fn.split(':').at(-1) ?? fn).sort(), ROTATE);
  });

  it('let those who give commands send to the worker queues of this installation', () => {
    const also: Record<string, string[]> = { sweep: ['keyturn-main-deliver'] };
    for (const part of ['sweep', 'reconcile', 'router', 'health', 'leaks'])
      assert.deepEqual(
        allowed(policiesOf(FULL, `keyturn-main-${part}`), 'sqs:SendMessage', QUEUES),
        [...(also[part] ?? []), ...WORKERS].sort(),
        part,
      );
    assert.deepEqual(
      allowed(policiesOf(FULL, 'keyturn-main-sweep'), 'lambda:InvokeFunction', FUNCTIONS),
      ROTATE,
    );
  });
});

describe('the name of an installation', () => {
  it('is refused where patterns of another one would take its resources for their own', () => {
    for (const installation of ['main-worker', 'main-rotate', 'main-worker-2', 'a-rotate-b'])
      assert.throws(
        () => parseSettings({ installation, issuers: { okta: {} } }),
        (error) =>
          error instanceof SettingsError &&
          error.message ===
            `settings: installation is "${installation}": write it without -rotate or -worker, with which ` +
              'the names of rotation functions and worker queues begin.',
      );
    for (const installation of ['main-workers', 'worker', 'rotate-2', ...OTHERS])
      assert.equal(parseSettings({ installation, issuers: { okta: {} } }).installation, installation);
  });

  it('is no part of what comes after it', () => {
    for (const { id } of DESCRIPTORS) {
      assert.ok(!id.endsWith('-dlq'), id);
      assert.ok(namesOf('main').worker(id).startsWith(namesOf('main').worker('')));
    }
  });
});
