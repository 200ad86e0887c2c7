import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretReader } from '../../../functions/adapters/secrets-manager/reads.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import type { Ports } from '../../../functions/core/ports/ports.ts';
import { HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { SecretNames } from '../../../functions/use-cases/detection/secret-names.ts';
import { HOME } from '../../detect/events.ts';
import { NOW } from '../../detect/habits.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { recordingLog } from '../../fakes/recorders.ts';

/** Names over an AWS that answers each look as it is told, through the adapter that is used in production. */
function asking(answer: () => Error): {
  names: SecretNames;
  asked: () => number;
  wait: (length: number) => void;
  said: () => string;
} {
  let [asked, now] = [0, NOW];
  const client = new SecretsManagerClient({
    region: HOME.region,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  client.send = (async () => {
    asked++;
    throw answer();
  }) as typeof client.send;
  const log = recordingLog();
  const ports = {
    inventory: new MemoryInventory(),
    installation: { account: HOME.account, region: HOME.region, name: 'main' },
    now: () => now,
    log,
    secrets: secretReader(client) as unknown as Ports['secrets'],
  };
  return {
    names: new SecretNames(ports),
    asked: () => asked,
    wait: (length) => void (now += length),
    said: () => JSON.stringify(log),
  };
}

function refusal(name: string, status = 400): Error {
  return Object.assign(new Error(`User is not authorized: ${name}`), {
    name,
    $metadata: { httpStatusCode: status, requestId: 'r', attempts: 1 },
  });
}

const LOCKED = `arn:aws:secretsmanager:${HOME.region}:${HOME.account}:secret:vault/locked-XyZ999`;

test(
  'a secret that Keyturn may not look at, or whose name is none, matches no token, and that is ' +
    'remembered for a while',
  async () => {
    for (const code of [
      'AccessDeniedException',
      'ValidationException',
      'InvalidParameterException',
      'InvalidRequestException',
      'ResourceNotFoundException',
    ]) {
      const { names, asked, wait } = asking(() => refusal(code));
      for (let read = 0; read < 5; read++)
        assert.equal(await names.tokenIdOf(LOCKED, HOME.region), undefined, code);
      assert.equal(asked(), 1, code);
      wait(2 * HOUR);
      await names.tokenIdOf(LOCKED, HOME.region);
      assert.equal(asked(), 2, `${code}: a policy may be mended`);
    }
  },
);

test('what may pass is asked again', async () => {
  for (const error of [
    refusal('ThrottlingException'),
    refusal('InternalServiceError', 500),
    refusal('ExpiredTokenException'),
    refusal('UnrecognizedClientException'),
    new Error('socket hang up'),
  ]) {
    const { names, asked, wait } = asking(() => error);
    await assert.rejects(
      names.tokenIdOf(LOCKED, HOME.region),
      (thrown) => thrown instanceof KeyturnError && thrown.code === 'aws-failed',
    );
    wait(MINUTE);
    await assert.rejects(names.tokenIdOf(LOCKED, HOME.region));
    assert.equal(asked(), 2, error.name);
  }
});
