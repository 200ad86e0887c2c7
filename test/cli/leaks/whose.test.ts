import { LambdaClient } from '@aws-sdk/client-lambda';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Whose, type Owned } from '../../../functions/core/incidents/leak-reports.ts';
import { askWhose } from '../../../lib/cli/leaks/whose.ts';
import { digestOf } from '../../../lib/cli/leaks/scanner-reports.ts';

const OWNED: Owned = {
  tokenId: 'a',
  name: 'a',
  provider: 'gitlab',
  owner: 'team',
  fingerprint: 'f',
  state: 'current',
  isKnown: false,
  isDetached: false,
};

/** A client whose function answers so. */
function lambda(answer: (asked: Whose) => unknown): {
  client: LambdaClient;
  sizes: number[];
  most: () => number;
} {
  const sizes: number[] = [];
  let [running, most] = [0, 0];
  const client = new LambdaClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  client.middlewareStack.add(
    () => async (args) => {
      const { input } = args as { input: { Payload: string } };
      const asked = Whose.parse(JSON.parse(input.Payload));
      sizes.push(asked.digests.length);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return {
        response: {},
        output: { $metadata: {}, Payload: { transformToString: () => JSON.stringify(answer(asked)) } },
      } as never;
    },
    { step: 'initialize', priority: 'high' },
  );
  return { client, sizes, most: () => most };
}

test('many digests are asked in questions of a hundred, a few at once, and answered in order', async () => {
  const digests = Array.from({ length: 1_234 }, (_, index) => digestOf(`value-${index}`));
  const { client, sizes, most } = lambda(({ digests: asked }) => ({
    owned: asked.map((digest) => [{ ...OWNED, fingerprint: digest }]),
  }));
  const answers = await askWhose(client, 'leaks', digests);
  assert.deepEqual(
    answers.map(([one]) => one?.fingerprint),
    digests,
  );
  assert.deepEqual([Math.max(...sizes), sizes.length, most()], [100, 13, 4]);
  assert.deepEqual(await askWhose(client, 'leaks', []), []);
});

test('an answer that leaves a digest out is none: it would be taken for "not ours"', async () => {
  const { client } = lambda(() => ({ owned: [] }));
  await assert.rejects(askWhose(client, 'leaks', [digestOf('x')]), {
    code: 'aws-failed',
    message: /an answer that is none/,
  });
});
