import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { build } from 'esbuild';
import * as gitlab from '../../functions/handlers/issuers/gitlab.ts';
import { PROVIDERS } from '../../functions/providers/registry.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The files of the repository that each bundle is made of, by issuer. */
async function filesByIssuer(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { metafile } = await build({
    entryPoints: [...PROVIDERS.keys()].map((id) => join(ROOT, `functions/handlers/issuers/${id}.ts`)),
    absWorkingDir: ROOT,
    outdir: 'bundles',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  return new Map(
    Object.entries(metafile.outputs).map(([path, { inputs }]) => [
      basename(path, '.js'),
      Object.keys(inputs),
    ]),
  );
}

describe('the bundle of an issuer', () => {
  let bundles: ReadonlyMap<string, readonly string[]>;
  before(async () => {
    bundles = await filesByIssuer();
  });

  it('has the two functions that the stack makes of it', () => {
    assert.deepEqual(Object.keys(gitlab).toSorted(), ['rotate', 'worker']);
  });

  for (const id of PROVIDERS.keys())
    it(`${id} holds its own code and none of another issuer; of those the facts alone`, () => {
      const files = bundles.get(id) ?? assert.fail('it has no bundle');
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
