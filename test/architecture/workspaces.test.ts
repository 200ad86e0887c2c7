import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { FILES, SOURCES, textOf } from './sources.ts';
import {
  LOCK,
  PROGRAMS,
  WORKSPACES,
  copyleftPackages,
  namedBy,
  namersOf,
  packageOf,
  unnamedImports,
  workspaceOf,
} from './workspaces.ts';

const ROOT = new URL('../../', import.meta.url);

describe('packages', () => {
  it('are the workspaces of the root, and are linked', () => {
    const { workspaces } = z
      .object({ workspaces: z.array(z.string()) })
      .parse(JSON.parse(textOf('package.json')));
    assert.deepEqual(WORKSPACES.map(({ folder }) => folder).toSorted(), ['.', ...workspaces].toSorted());
    for (const { name, folder } of WORKSPACES.filter((one) => one.folder !== '.'))
      assert.deepEqual(
        [LOCK.packages[`node_modules/${name}`]?.resolved, name.split('/')[0]],
        [folder, '@keyturn'],
      );
  });

  it('are not published yet, and have one version', () => {
    for (const one of WORKSPACES) assert.equal(one.private, true, one.name);
    assert.equal(new Set(WORKSPACES.map(({ version }) => version)).size, 1);
  });

  it('import only what their package.json names', () => {
    assert.deepEqual(SOURCES.flatMap(unnamedImports), []);
  });

  it('name only what they use', () => {
    const unused = WORKSPACES.flatMap((one) => {
      const files = SOURCES.filter(({ path }) => workspaceOf(path) === one);
      const used = new Set(
        files.flatMap(({ imports }) =>
          imports.map((to) => (to.isFile ? workspaceOf(to.to).name : packageOf(to))),
        ),
      );
      return Object.keys(namedBy(one))
        .filter((name) => !used.has(name) && !(name in PROGRAMS))
        .map((name) => `${one.name} does not use ${name}`);
    });
    assert.deepEqual(unused, []);
  });

  it('name exact versions, and the same one wherever a package is named twice', () => {
    const seen = new Map<string, string>();
    for (const one of WORKSPACES)
      for (const [name, version] of Object.entries({ ...namedBy(one), ...one.peerDependencies })) {
        const exact = name in one.peerDependencies ? version.replace(/^\^/, '') : version;
        assert.match(exact, /^\d+\.\d+\.\d+$/, `${one.name}: ${name}`);
        assert.equal(seen.get(name) ?? exact, exact, `${one.name}: ${name}`);
        seen.set(name, exact);
      }
  });

  it('lead to files that are there', () => {
    for (const { folder, exports, bin } of WORKSPACES)
      for (const [, file = ''] of JSON.stringify([exports, bin]).matchAll(/:"([^"]+)"/g))
        assert.ok(
          FILES.includes(new URL(file, new URL(`${folder}/`, ROOT)).href.slice(ROOT.href.length)),
          file,
        );
  });

  it('need nothing that hides in a folder of their own', () => {
    for (const { folder } of WORKSPACES.filter((one) => one.folder !== '.'))
      assert.ok(!existsSync(new URL(`${folder}/node_modules`, ROOT)), folder);
  });
});

describe('@keyturn/cli', () => {
  const cli = SOURCES.filter(({ path }) => workspaceOf(path).name === '@keyturn/cli');
  const sandbox = cli.flatMap(({ path, imports }) =>
    imports.filter(({ to }) => to.startsWith('lib/sandbox/')).map((one) => ({ path, ...one })),
  );

  it('is there', () => assert.ok(cli.length > 50));

  it('needs neither the CDK nor the constructs', () => {
    const named = Object.keys(namedBy(workspaceOf('lib/cli/main.ts')));
    for (const name of ['aws-cdk-lib', 'constructs', '@keyturn/cdk']) assert.ok(!named.includes(name), name);
  });

  it('loads the sandbox at one place, and only when it is started', () => {
    assert.deepEqual(
      sandbox.map(({ path, isLazy }) => [path, isLazy]),
      [['lib/cli/aws/process-world.ts', true]],
    );
  });
});

describe('licences', () => {
  it('that bind what is linked with a package stand in the sandbox alone', () => {
    const bound = copyleftPackages();
    assert.ok(bound.has('@cloud-copilot/iam-simulate'));
    const namers = namersOf(bound).filter((path) => !bound.has(path.replace(/^.*node_modules\//, '')));
    assert.deepEqual(namers, ['lib/sandbox']);
    assert.equal(workspaceOf('lib/sandbox/index.ts').name, '@keyturn/sandbox');
  });
});
