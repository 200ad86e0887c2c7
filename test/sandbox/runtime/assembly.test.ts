import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readAssembly, synthesise } from '../../../lib/sandbox/runtime/assembly.ts';
import { temporaryFolder } from './tiny.ts';

function assembly(t: TestContext, stacks: readonly string[]): string {
  const folder = temporaryFolder(t);
  const artifacts = stacks.flatMap((name) => [
    [
      name,
      { type: 'aws:cloudformation:stack', properties: { templateFile: `${name}.template.json` } },
    ] as const,
    [`${name}.assets`, { type: 'cdk:asset-manifest', properties: { file: `${name}.assets.json` } }] as const,
  ]);
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ artifacts: Object.fromEntries(artifacts) }));
  for (const name of stacks) {
    writeFileSync(join(folder, `${name}.template.json`), JSON.stringify({ Resources: {} }));
    const destinations = { here: { bucketName: 'assets', objectKey: 'abc.zip' } };
    writeFileSync(
      join(folder, `${name}.assets.json`),
      JSON.stringify({ files: { abc: { source: { path: 'asset.abc' }, destinations } } }),
    );
  }
  mkdirSync(join(folder, 'asset.abc'));
  return folder;
}

test('an assembly is read as its manifests tell: the template, and the very folders of the assets', (t) => {
  const folder = assembly(t, ['one']);
  const { stackName, template, assets } = readAssembly(folder);
  assert.deepEqual(
    [stackName, template, [...assets]],
    ['one', { Resources: {} }, [['abc.zip', join(folder, 'asset.abc')]]],
  );
});

test('an assembly with more than one stack, or none, is refused', (t) => {
  assert.throws(() => readAssembly(assembly(t, ['one', 'two'])), /an assembly with one stack; .* has 2/);
  assert.throws(() => readAssembly(assembly(t, [])), /has 0/);
});

test('a wrong setting fails with the sentence of the app', async () => {
  await assert.rejects(
    synthesise({ installation: 'Not A Name' }),
    /installation .*write 1 to 16 small letters/,
  );
});
