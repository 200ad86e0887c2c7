import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { build } from 'esbuild';
import * as gitlab from '../../functions/handlers/issuers/gitlab.ts';
import { PROVIDERS } from '../../functions/providers/registry.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The files of the repository that a bundle is made of. */
async function filesOf(id: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [join(ROOT, `functions/handlers/issuers/${id}.ts`)],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  return Object.keys(metafile.inputs);
}

describe('the bundle of an issuer', () => {
  it('has the two functions that the stack makes of it', () => {
    assert.deepEqual(Object.keys(gitlab).toSorted(), ['rotate', 'worker']);
  });

  for (const id of PROVIDERS.keys())
    it(`${id} holds its own code and none of another issuer; of those the facts alone`, async () => {
      const files = await filesOf(id);
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
