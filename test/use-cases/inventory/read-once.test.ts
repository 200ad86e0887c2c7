import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '../../../functions/core/basics/secret.ts';
import type { Ports } from '../../../functions/core/ports/ports.ts';
import { readingOnce } from '../../../functions/use-cases/inventory/read-once.ts';

/** Ports of which only the reads of versions are used. */
function counting(texts: readonly (string | undefined)[]) {
  const asked: string[] = [];
  const read = async (_arn: string, versionId: string): Promise<Secret | undefined> => {
    const text = texts[asked.length];
    asked.push(versionId);
    return text === undefined ? undefined : new Secret(text);
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { asked, ports: { secrets: { read } } as unknown as Ports };
}

test('a version is read once in a run, however often it is asked for', async () => {
  const { asked, ports } = counting(['first', 'second']);
  const { secrets } = readingOnce(ports);
  const texts = [await secrets.read('arn', 'v1'), await secrets.read('arn', 'v1')];
  assert.deepEqual(
    texts.map((text) => text?.reveal()),
    ['first', 'first'],
  );
  assert.deepEqual(asked, ['v1']);
});

test('the next run reads it anew: no text is kept longer than one run', async () => {
  const { asked, ports } = counting(['first', 'second']);
  await readingOnce(ports).secrets.read('arn', 'v1');
  assert.equal((await readingOnce(ports).secrets.read('arn', 'v1'))?.reveal(), 'second');
  assert.deepEqual(asked, ['v1', 'v1']);
});

test('a version without a value, and another version, are asked about again', async () => {
  const { asked, ports } = counting([undefined, 'later', 'other']);
  const { secrets } = readingOnce(ports);
  assert.equal(await secrets.read('arn', 'v1'), undefined);
  assert.equal((await secrets.read('arn', 'v1'))?.reveal(), 'later');
  assert.equal((await secrets.read('arn', 'v2'))?.reveal(), 'other');
  assert.deepEqual(asked, ['v1', 'v1', 'v2']);
});
