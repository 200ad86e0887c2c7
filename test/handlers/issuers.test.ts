import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { build, type Metafile } from 'esbuild';
import * as gitlab from '../../functions/handlers/issuers/gitlab.ts';
import { PROVIDERS } from '../../functions/providers/registry.ts';

const ROOT = join(import.meta.dirname, '../..');

const entryOf = (id: string): string => `functions/handlers/issuers/${id}.ts`;

/** Every file of the repository that the bundles are made from, with what it imports. */
async function imported(): Promise<Metafile['inputs']> {
  const { metafile } = await build({
    entryPoints: [...PROVIDERS.keys()].map((id) => join(ROOT, entryOf(id))),
    absWorkingDir: ROOT,
    outdir: 'bundles',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  return metafile.inputs;
}

/** What a file reaches by its imports, itself included, whether or not anything of it ends in the bundle. */
function reachedFrom(entry: string, inputs: Metafile['inputs']): readonly string[] {
  const reached = new Set([entry]);
  for (const file of reached)
    for (const { path, external } of inputs[file]?.imports ?? []) if (external !== true) reached.add(path);
  return [...reached];
}

describe('the bundle of an issuer', () => {
  let inputs: Metafile['inputs'];
  before(async () => {
    inputs = await imported();
  });

  it('has the two functions that the stack makes of it', () => {
    assert.deepEqual(Object.keys(gitlab).toSorted(), ['rotate', 'worker']);
  });

  for (const id of PROVIDERS.keys())
    it(`${id} holds its own code and none of another issuer; of those the facts alone`, () => {
      const files = reachedFrom(entryOf(id), inputs);
      assert.ok(files.includes(`functions/providers/${id}/index.ts`));
      const others = [...PROVIDERS.keys()].filter((other) => other !== id);
      assert.deepEqual(
        files.filter(
          (file) =>
            others.some((other) => file.startsWith(`functions/providers/${other}/`)) &&
            !file.endsWith('/descriptor.ts'),
        ),
        [],
      );
    });
});
