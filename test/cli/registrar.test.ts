import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { Template as Synthesised } from 'aws-cdk-lib/assertions';
import { managedSecrets } from '../../lib/cli/manifest/secrets.ts';
import { allowService, type Principal } from '../../lib/sandbox/aws/index.ts';
import { Roles } from '../../lib/sandbox/runtime/roles.ts';
import { Template } from '../../lib/sandbox/runtime/template.ts';
import { synthesised } from '../infra/synth.ts';
import { ACCOUNT, REGION, ROOT, role, sandbox, token, type Sandbox } from '../sandbox/aws/world.ts';
import { CANARY, bench, type Bench } from './harness.ts';

const FILE = `version: 1
tokens:
  - { secret: prod/new, issuer: gitlab, owner: team-new }
  - { secret: prod/untagged, issuer: gitlab, owner: team-old }
  - { secret: prod/ours, issuer: gitlab, owner: team-old, policy: { rotateEvery: 20d } }
`;
const OURS = [
  ['keyturn:installation', 'main'],
  ['keyturn:issuer', 'gitlab'],
  ['keyturn:unused-for', '1h'],
  ['team', 'x'],
] as const;
const ROTATE = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:keyturn-main-rotate-gitlab`;
const DENIED = { name: 'AccessDeniedException' };

/** Somebody with the stack's registrar policy and nothing else. */
function registrar(): Principal {
  const template = new Template(Synthesised.fromStack(synthesised().stack).toJSON(), {
    account: ACCOUNT,
    region: REGION,
    stackName: 'keyturn-main',
    queueUrl: (name) => name,
  });
  const arn = [...template.outputs].find(([name]) => name.endsWith('RegistrarPolicyArn'))?.[1] ?? '';
  return { kind: 'role', name: 'platform', session: 'you', policies: [new Roles(template).managed(arn)] };
}
const REGISTRAR = registrar();

function tags(pairs: readonly (readonly [string, string])[]): { Key: string; Value: string }[] {
  return pairs.map(([Key, Value]) => ({ Key, Value }));
}

/** An account with secrets of several kinds, and the command run by a principal. */
async function account(
  principal: Principal,
): Promise<{ self: Bench; box: Sandbox; client: SecretsManagerClient }> {
  const box = sandbox();
  for (const name of ['keyturn-main-rotate-gitlab', 'keyturn-other-rotate-gitlab'])
    box.aws.lambda.add({ name, policy: allowService('secretsmanager.amazonaws.com', ACCOUNT) });
  const make = (Name: string, pairs: readonly (readonly [string, string])[]): Promise<unknown> =>
    box.secrets.send(
      new CreateSecretCommand({
        Name,
        SecretString: CANARY,
        ClientRequestToken: token(Name.replaceAll('/', '-')),
        Tags: tags(pairs),
      }),
    );
  await make('prod/untagged', [['team', 'x']]);
  await make('prod/ours', OURS);
  await make('prod/theirs', [['keyturn:installation', 'other']]);
  const client = new SecretsManagerClient({ ...box.aws.clientConfig(principal), maxAttempts: 1 });
  const self = bench();
  self.secrets = managedSecrets(client, async () => ({ partition: 'aws', region: REGION, account: ACCOUNT }));
  self.files.set('tokens.yaml', FILE);
  return { self, box, client };
}

test('apply works with the registrar policy alone: it makes, tags, untags and attaches', async () => {
  const { self, box } = await account(REGISTRAR);
  const { exit, out, err } = await self.keyturn('apply', 'tokens.yaml', '--yes');
  assert.equal(exit, 0);
  assert.deepEqual(
    err
      .trim()
      .split('\n')
      .filter((line) => !line.includes('keyturn confirm-host')),
    [],
    'nothing but where a host is to be confirmed',
  );
  assert.match(out, /3 secrets done/);
  const done = new Set(
    box.aws.log.filter((call) => call.principal.endsWith('/platform/you')).map((call) => call.operation),
  );
  assert.deepEqual([...done].sort(), [
    'CreateSecret',
    'DescribeSecret',
    'RotateSecret',
    'TagResource',
    'UntagResource',
  ]);
  for (const SecretId of ['prod/new', 'prod/untagged', 'prod/ours'])
    assert.equal((await box.secrets.send(new DescribeSecretCommand({ SecretId }))).RotationLambdaARN, ROTATE);
  await box.clock.quiet();
  assert.match((await self.keyturn('apply', 'tokens.yaml')).out, /0 to make, 0 to change, 3 unchanged/);
});

test('a registrar reads no value and writes none, not even into its own secrets', async () => {
  const { client } = await account(REGISTRAR);
  await client.send(new ListSecretsCommand({}));
  for (const SecretId of ['prod/ours', 'prod/untagged']) {
    await assert.rejects(client.send(new GetSecretValueCommand({ SecretId })), DENIED);
    await assert.rejects(
      client.send(
        new PutSecretValueCommand({ SecretId, SecretString: 'x', ClientRequestToken: token('put') }),
      ),
      DENIED,
    );
    await assert.rejects(
      client.send(new UpdateSecretCommand({ SecretId, SecretString: 'x', ClientRequestToken: token('put') })),
      DENIED,
    );
  }
});

const MAIN = ['keyturn:installation', 'main'] as const;
const OTHER = ['keyturn:installation', 'other'] as const;
type Send = (client: SecretsManagerClient) => Promise<unknown>;

const tag =
  (SecretId: string, ...pairs: (readonly [string, string])[]): Send =>
  (client) =>
    client.send(new TagResourceCommand({ SecretId, Tags: tags(pairs) }));
const make =
  (Name: string, ...pairs: (readonly [string, string])[]): Send =>
  (client) =>
    client.send(
      new CreateSecretCommand({
        Name,
        ClientRequestToken: token('made'),
        ...(pairs.length > 0 && { Tags: tags(pairs) }),
      }),
    );
const untag =
  (SecretId: string, ...TagKeys: string[]): Send =>
  (client) =>
    client.send(new UntagResourceCommand({ SecretId, TagKeys }));
const attach =
  (SecretId: string, name: string): Send =>
  (client) =>
    client.send(
      new RotateSecretCommand({
        SecretId,
        RotationLambdaARN: ROTATE.replace('keyturn-main-rotate-gitlab', name),
        RotationRules: { AutomaticallyAfterDays: 91 },
        RotateImmediately: false,
        ClientRequestToken: token('rotate'),
      }),
    );

const REFUSED: readonly [what: string, send: Send][] = [
  ['a secret without a registration', make('x')],
  ['a secret of another installation', make('x', OTHER)],
  ['a secret with a tag that is not ours', make('x', MAIN, ['team', 'y'])],
  ['an admin secret', make('keyturn/admin/gitlab/mine', MAIN)],
  ['a tag on a secret that is not registered with it', tag('prod/untagged', ['keyturn:owner', 'me'])],
  ['a registration with another installation', tag('prod/untagged', OTHER)],
  ["another installation's secret", tag('prod/theirs', MAIN)],
  ['giving a secret away', tag('prod/ours', OTHER)],
  ['a tag that is not ours', tag('prod/ours', ['team', 'y'])],
  ['the removal of a tag that is not ours', untag('prod/ours', 'team')],
  ['the removal of a registration', untag('prod/ours', 'keyturn:unused-for', 'keyturn:installation')],
  ["the removal of another installation's tag", untag('prod/theirs', 'keyturn:installation')],
  ["another installation's function", attach('prod/ours', 'keyturn-other-rotate-gitlab')],
  ['rotation of an unregistered secret', attach('prod/untagged', 'keyturn-main-rotate-gitlab')],
];

for (const [what, send] of REFUSED)
  test(`a registrar is refused ${what}`, async () => {
    const { client } = await account(REGISTRAR);
    await assert.rejects(send(client), DENIED);
    const { client: root } = await account(ROOT);
    await send(root);
  });

test('who lacks the policy is told its name, for each thing that apply does', async () => {
  const SEE = { Effect: 'Allow', Action: 'secretsmanager:DescribeSecret', Resource: '*' };
  const { self } = await account(role('viewer', SEE));
  const { exit, err } = await self.keyturn('apply', 'tokens.yaml', '--yes');
  assert.equal(exit, 1);
  const sentences = err.split('\n').filter((line) => line.includes('You may not'));
  assert.equal(sentences.length, 3);
  for (const one of sentences)
    assert.match(
      one,
      /You may not do secretsmanager:(CreateSecret|TagResource): have the policy keyturn-main-registrar of this Region attached to your role/,
    );
  const tagger = await account(
    role('tagger', SEE, {
      Effect: 'Allow',
      Action: ['secretsmanager:CreateSecret', 'secretsmanager:*Resource'],
      Resource: '*',
    }),
  );
  assert.match(
    (await tagger.self.keyturn('apply', 'tokens.yaml', '--yes')).err,
    /lambda:InvokeFunction, as the policy keyturn-main-registrar allows\./,
  );
});
