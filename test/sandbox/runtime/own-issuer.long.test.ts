import {
  CreateSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { dynamodbInventory } from '../../../functions/adapters/dynamodb/inventory.ts';
import { TAGS } from '../../../functions/core/policy/tags.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { createSandbox, type Sandbox } from '../../../lib/sandbox/index.ts';
import { jupyterhubSimulator } from '../../../lib/sandbox/issuers/jupyterhub.ts';
import type { Issuer } from '../../../lib/sandbox/issuers/simulator.ts';

const NAME = 'reports/hub';
const HOST = 'hub.keyturn.test';
const FILE = join(import.meta.dirname, '../../../examples/own-hub.yaml');
const TOKEN_TAGS = [
  [TAGS.installation, 'main'],
  [TAGS.issuer, 'own-hub'],
  [TAGS.owner, 'reports'],
  [TAGS.rotateEvery, '12h'],
  [TAGS.minGrace, '1h'],
  [TAGS.maxGrace, '3h'],
  [TAGS.baselinePeriod, '3h'],
] as const;

let sandbox: Sandbox;
let hub: Issuer;
let operator: SecretsManagerClient;

before(async () => {
  sandbox = await createSandbox({
    folder: mkdtempSync(join(tmpdir(), 'keyturn-')),
    removeOnClose: true,
    settings: {
      sweepInterval: '1h',
      reconcileInterval: '1h',
      nestedStacks: true,
      issuers: { 'own-hub': { file: FILE, allowedHosts: [HOST] } },
    },
    issuers: async ({ clock }) => {
      hub = Object.assign(jupyterhubSimulator({ clock }), { provider: 'own-hub' });
      return [hub];
    },
    grants: { 'own-hub': [NAME] },
  });
  const { endpoint, region, credentials } = sandbox.operate();
  operator = new SecretsManagerClient({ endpoint, region, credentials, maxAttempts: 1 });
});

after(async () => {
  operator.destroy();
  await sandbox.close();
});

async function active(): Promise<string[]> {
  return (await hub.credentials(NAME)).filter(({ live }) => live).map(({ value }) => value);
}

async function current(): Promise<unknown> {
  const { SecretString } = Object(
    await sandbox.aws.call({
      service: 'secretsmanager',
      operation: 'GetSecretValue',
      input: { SecretId: NAME },
      principal: { kind: 'root' },
    }),
  );
  return JSON.parse(SecretString).token;
}

test('a token of an issuer of a file, in a nested stack, is enrolled, rotated and revoked', async () => {
  const Tags = TOKEN_TAGS.map(([Key, Value]) => ({ Key, Value }));
  await operator.send(
    new CreateSecretCommand({ Name: NAME, SecretString: await hub.createByHand(NAME), Tags }),
  );
  await operator.send(
    new RotateSecretCommand({
      SecretId: NAME,
      RotationLambdaARN: sandbox.aws.lambda.arnOf('keyturn-main-rotate-own-hub'),
      RotationRules: { AutomaticallyAfterDays: 91 },
      RotateImmediately: false,
    }),
  );
  const [first] = await active();
  await sandbox.advance(2 * HOUR);
  assert.deepEqual(await active(), [first]);
  await sandbox.advance(18 * HOUR);
  assert.deepEqual(
    sandbox.runs.flatMap(({ name, error }) => (error === undefined ? [] : [`${name}: ${error}`])),
    [],
  );
  const left = await active();
  assert.ok(!left.includes(first ?? ''), 'the first one is revoked');
  assert.ok(left.includes(String(await current())), 'the current one is active at the issuer');

  const { endpoint, region, credentials } = sandbox.operate();
  const inventory = dynamodbInventory({
    client: new DynamoDBClient({ endpoint, region, credentials }),
    name: 'keyturn-main',
  });
  for await (const { token } of inventory.all()) {
    if (token.name !== NAME) continue;
    assert.equal(token.provider, 'own-hub');
    assert.equal(token.reach?.host, HOST);
    assert.deepEqual(token.findings, []);
    return;
  }
  assert.fail('the token is not in the inventory');
});
