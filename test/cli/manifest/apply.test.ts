import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { registrationOf } from '../../../functions/core/policy/read-tags.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import { managedSecrets } from '../../../lib/cli/manifest/secrets.ts';
import { allowService } from '../../../lib/sandbox/aws/lambda.ts';
import type { CallHook } from '../../../lib/sandbox/aws/types.ts';
import { ACCOUNT, REGION, ROOT, StepEvent, sandbox, token, type Sandbox } from '../../sandbox/aws/world.ts';
import { CANARY, bench, type Bench } from '../harness.ts';
import type { ApplyJson } from '../../../lib/cli/json/manifest.ts';

const FILE = `version: 1
tokens:
  - secret: prod/billing/gitlab
    issuer: gitlab
    owner: team-billing
    purpose: reads merge requests
    policy: { rotateEvery: 20d, maxAge: 60d, warnBefore: [14d, 1d] }
  - secret: prod/web/npm
    issuer: npm-registry
    owner: team-web
    environment: staging
    rotation: keep
`;

/** The command over the sandbox's Secrets Manager, reached by the real SDK. */
function world(file = FILE): { self: Bench; box: Sandbox; calls: CallHook[] } {
  const calls: CallHook[] = [];
  const box = sandbox({
    onCall: (call) => void (call.phase === 'before' && call.principal === PERSON && calls.push(call)),
  });
  for (const provider of ['gitlab', 'npm-registry'])
    box.aws.lambda.add({
      name: `keyturn-main-rotate-${provider}`,
      policy: allowService('secretsmanager.amazonaws.com', ACCOUNT),
    });
  const self = bench();
  const client = new SecretsManagerClient({ ...box.aws.clientConfig(PERSON), maxAttempts: 1 });
  self.secrets = managedSecrets(client, async () => ({ partition: 'aws', region: REGION, account: ACCOUNT }));
  self.files.set('tokens.yaml', file);
  return { self, box, calls };
}

/** Root too, but not the one that the test itself uses. */
const PERSON = { ...ROOT };

function changing(calls: readonly CallHook[]): string[] {
  return calls.map((call) => call.operation).filter((operation) => operation !== 'DescribeSecret');
}

async function describe(box: Sandbox, name: string) {
  const found = await box.secrets.send(new DescribeSecretCommand({ SecretId: name }));
  return { ...found, tags: new Map((found.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])) };
}

test('apply makes secrets without a value, tags them and attaches rotation, as the plan said', async () => {
  const { self, box, calls } = world();
  const { exit, out } = await self.keyturn('apply', 'tokens.yaml', '--yes');
  assert.equal(exit, 0);
  assert.match(
    out,
    /^\+ prod\/billing\/gitlab: make the secret, without a value\n {4}\+ tag keyturn:installation: main\n/,
  );
  assert.match(
    out,
    /^ {4}\+ rotation function: arn:aws:lambda:eu-central-1:111122223333:function:keyturn-main-rotate-gitlab\n {4}\+ backstop schedule: every 61 days$/m,
  );
  assert.match(out, /2 secrets done\. Keyturn was asked to inspect them/);
  assert.deepEqual(changing(calls), ['CreateSecret', 'RotateSecret', 'CreateSecret']);
  const made = await describe(box, 'prod/billing/gitlab');
  const registration = registrationOf(made.tags, 'prod/billing/gitlab');
  assert.equal(registration.owner, 'team-billing');
  assert.equal(registration.policy.maxAge, 60 * DAY);
  assert.deepEqual(registration.policy.warnBefore, [14 * DAY, DAY]);
  assert.equal(
    made.RotationLambdaARN,
    'arn:aws:lambda:eu-central-1:111122223333:function:keyturn-main-rotate-gitlab',
  );
  assert.equal(made.RotationRules?.AutomaticallyAfterDays, 61);
  const kept = await describe(box, 'prod/web/npm');
  assert.equal(kept.RotationEnabled, undefined, 'rotation: keep leaves it alone');
  assert.equal(kept.tags.get('keyturn:environment'), 'staging');
  assert.equal(kept.VersionIdsToStages, undefined);
});

test('applied once, there is nothing left to do', async () => {
  const { self, box, calls } = world();
  await self.keyturn('apply', 'tokens.yaml', '--yes');
  await box.clock.advanceBy(DAY);
  calls.length = 0;
  const { exit, out } = await self.keyturn('apply', 'tokens.yaml');
  assert.equal(exit, 0);
  assert.equal(
    out,
    '= prod/billing/gitlab: nothing to do\n= prod/web/npm: nothing to do\n0 to make, 0 to change, 2 ' +
      'unchanged.\n',
  );
  assert.deepEqual(changing(calls), []);
});

test('a secret that is there keeps its value and the tags that are not ours', async () => {
  const { self, box, calls } = world();
  const Tags = [
    { Key: 'team', Value: 'x' },
    { Key: 'keyturn:owner', Value: 'team-old' },
    { Key: 'keyturn:unused-for', Value: '1h' },
  ];
  await box.secrets.send(
    new CreateSecretCommand({
      Name: 'prod/billing/gitlab',
      SecretString: CANARY,
      ClientRequestToken: token('first'),
      Tags,
    }),
  );
  const { exit, out, err } = await self.keyturn('apply', 'tokens.yaml', '--yes');
  assert.equal(exit, 0);
  assert.match(out, /^~ prod\/billing\/gitlab: change the secret$/m);
  assert.match(out, /^ {4}~ tag keyturn:owner: team-old -> team-billing$/m);
  assert.match(out, /^ {4}- tag keyturn:unused-for: 1h$/m);
  const { tags } = await describe(box, 'prod/billing/gitlab');
  assert.equal(tags.get('team'), 'x');
  assert.equal(tags.has('keyturn:unused-for'), false);
  assert.equal(
    (await box.secrets.send(new GetSecretValueCommand({ SecretId: 'prod/billing/gitlab' }))).SecretString,
    CANARY,
  );
  assert.doesNotMatch(out + err, /CANARY/);
  assert.deepEqual(changing(calls), ['TagResource', 'UntagResource', 'RotateSecret', 'CreateSecret']);
});

test('an unknown tag is reported with the one that may be meant, and is left as it is', async () => {
  const { self, box } = world();
  await self.keyturn('apply', 'tokens.yaml', '--yes');
  await self.secrets.setTags(
    'prod/billing/gitlab',
    new Map([
      ['keyturn:rotateEvery', '1d'],
      ['Keyturn:Max-Age', '2d'],
      ['team', 'x'],
    ]),
  );
  const { exit, out } = await self.keyturn('plan', 'tokens.yaml');
  assert.equal(exit, 0);
  assert.match(
    out,
    /^= prod\/billing\/gitlab: nothing to do\n {4}! The tag Keyturn:Max-Age is not known and Keyturn ignores it; the nearest known one is keyturn:max-age: correct its name, or remove it\.\n {4}! The tag keyturn:rotateEvery .* keyturn:rotate-every: correct its name, or remove it\.\n= prod\/web/,
  );
  const { out: json } = await self.keyturn('apply', 'tokens.yaml', '--yes', '--json');
  const view: ApplyJson = JSON.parse(json);
  assert.deepEqual(
    view.plan.map(({ warnings }) => warnings.length),
    [2, 0],
  );
  assert.equal((await describe(box, 'prod/billing/gitlab')).tags.get('keyturn:rotateEvery'), '1d');
});

test('attaching rotation only tests the value', async () => {
  const { self, box } = world();
  await box.secrets.send(
    new CreateSecretCommand({
      Name: 'prod/billing/gitlab',
      SecretString: 'x',
      ClientRequestToken: token('first'),
    }),
  );
  await self.keyturn('apply', 'tokens.yaml', '--yes');
  await box.clock.advanceBy(DAY);
  assert.deepEqual(
    box.invoked.map(({ payload }) => StepEvent.parse(payload).Step),
    ['testSecret'],
  );
});

test('plan and an answer other than yes change nothing', async () => {
  const { self, calls } = world();
  const dry = await self.keyturn('plan', 'tokens.yaml');
  assert.equal(dry.exit, 0);
  assert.match(dry.out, /^2 to make, 0 to change, 0 unchanged\. Nothing was changed\.$/m);
  assert.equal((await self.keyturn('apply', 'tokens.yaml')).exit, 3, 'nobody can be asked');
  self.answer = 'no';
  assert.equal((await self.keyturn('apply', 'tokens.yaml')).exit, 3);
  assert.deepEqual(changing(calls), []);
  self.answer = 'yes';
  assert.equal((await self.keyturn('apply', 'tokens.yaml')).exit, 0);
});

test('--json prints the plan and what became of it, and nothing else', async () => {
  const { self } = world();
  const view: ApplyJson = JSON.parse((await self.keyturn('apply', 'tokens.yaml', '--yes', '--json')).out);
  assert.deepEqual(
    view.plan.map(({ secret, action }) => [secret, action]),
    [
      ['prod/billing/gitlab', 'create'],
      ['prod/web/npm', 'create'],
    ],
  );
  assert.deepEqual(view.plan[1]?.changes.at(-1), {
    what: 'tag keyturn:environment',
    from: null,
    to: 'staging',
  });
  assert.deepEqual(view.applied, ['prod/billing/gitlab', 'prod/web/npm']);
  assert.deepEqual(view.failed, []);
});

test('a secret of another installation or another issuer is refused, and nothing is done', async () => {
  for (const [key, value, why] of [
    ['keyturn:installation', 'other', /registered with the installation "other"/],
    ['keyturn:issuer', 'okta', /registered for the issuer "okta"/],
  ] as const) {
    const { self, box, calls } = world();
    const Tags = [{ Key: 'keyturn:installation', Value: 'main' }]
      .filter((tag) => tag.Key !== key)
      .concat({ Key: key, Value: value });
    await box.secrets.send(
      new CreateSecretCommand({ Name: 'prod/billing/gitlab', ClientRequestToken: token('first'), Tags }),
    );
    const { exit, out } = await self.keyturn('apply', 'tokens.yaml', '--yes');
    assert.equal(exit, 3);
    assert.match(out, why);
    assert.deepEqual(changing(calls), []);
  }
});

test('an issuer that is not deployed fails its secret alone, and the next run continues there', async () => {
  const file = FILE.replace('    rotation: keep\n', '').replace('npm-registry', 'okta');
  const { self, box } = world(file);
  const { exit, err } = await self.keyturn('apply', 'tokens.yaml', '--yes');
  assert.equal(exit, 1);
  assert.match(
    err,
    /prod\/web\/npm: Secrets Manager did not take the rotation function arn:.*keyturn-main-rotate-okta: name its issuer in keyturn\.json and deploy/,
  );
  assert.ok((await describe(box, 'prod/billing/gitlab')).RotationEnabled);
  box.aws.lambda.add({
    name: 'keyturn-main-rotate-okta',
    policy: allowService('secretsmanager.amazonaws.com', ACCOUNT),
  });
  const again = await self.keyturn('apply', 'tokens.yaml', '--yes');
  assert.equal(again.exit, 0);
  assert.match(again.out, /^~ prod\/web\/npm: change the secret\n {4}\+ rotation function/m);
});

test('a wrong file names line, column, field and fix of every mistake, and needs no AWS', async () => {
  const self = bench();
  self.broken = new Error('connected');
  self.files.set('t.yaml', 'version: 1\ntokens:\n  - secret: a\n    issuer: gitlub\n    polcy: {}\n');
  const { exit, err } = await self.keyturn('apply', 't.yaml');
  assert.equal(exit, 2);
  assert.equal(
    err,
    't.yaml:3:5: tokens[0].owner is missing: write text like team-billing, with letters, digits, ' +
      'spaces and _.:/=+-@ only.\n' +
      't.yaml:4:5: tokens[0].issuer is wrong: write one of ' +
      `${DESCRIPTORS.map(({ id }) => id).join(', ')} (did you mean github?).\n` +
      't.yaml:5:5: tokens[0].polcy is no field here: write policy, or remove it.\n',
  );
  assert.equal((await self.keyturn('apply', 'nowhere.yaml')).exit, 2);
  assert.equal((await self.keyturn('apply')).exit, 2);
});

test('apply refuses a value that would end with the next one, and tells of it where it may', async () => {
  const file = (policy: string): string =>
    `version: 1\ntokens:\n  - secret: prod/auth0\n    issuer: auth0\n    owner: o\n${policy}`;
  const refused = world(file(''));
  const { exit, err } = await refused.self.keyturn('apply', 'tokens.yaml', '--yes');
  assert.notEqual(exit, 0);
  assert.match(err, /overlap has to be none at auth0/);
  assert.deepEqual(refused.calls, []);
  const permitted = world(file('    policy: { overlap: none }\n'));
  permitted.box.aws.lambda.add({
    name: 'keyturn-main-rotate-auth0',
    policy: allowService('secretsmanager.amazonaws.com', ACCOUNT),
  });
  const { out } = await permitted.self.keyturn('plan', 'tokens.yaml');
  assert.match(out, /! Consumers fail from each creation of a value at auth0 until they have read it/);
});
