import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ALL_SETTINGS, type Resource, contextOfCdkJson } from './synth.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-app-'));
after(() => rmSync(folder, { recursive: true }));

/**
 * Runs bin/app.ts as the CDK command does, with bundling and all checks, but without credentials and network.
 */
function runApp(settings: unknown): { status: number | null; stderr: string; out: string } {
  const file = join(folder, 'keyturn.json');
  const out = join(folder, 'cdk.out');
  writeFileSync(file, JSON.stringify(settings));
  const { PATH } = process.env;
  const env = {
    PATH,
    HOME: folder,
    CDK_OUTDIR: out,
    CDK_CONTEXT_JSON: JSON.stringify({ ...contextOfCdkJson(), settings: file }),
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const { status, stderr } = spawnSync(process.execPath, ['bin/app.ts'], { env, encoding: 'utf8' });
  return { status, stderr, out };
}

test('the app synthesises with every setting, passes all checks, and its bundles are whole', async () => {
  writeFileSync(
    join(folder, "it's a ca.pem"),
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
  );
  copyFileSync('examples/own-hub.yaml', join(folder, 'own-hub.yaml'));
  const { status, stderr, out } = runApp({
    ...ALL_SETTINGS,
    issuers: {
      ...ALL_SETTINGS.issuers,
      'own-hub': { file: 'own-hub.yaml', allowedHosts: ['hub.example.com'] },
    },
    caBundleFile: "it's a ca.pem",
  });
  assert.equal(status, 0, stderr);
  const template: { Resources: Record<string, Resource> } = JSON.parse(
    readFileSync(join(out, 'keyturn-main.template.json'), 'utf8'),
  );
  const functions = Object.values(template.Resources).filter(
    (resource) => resource.Type === 'AWS::Lambda::Function',
  );
  assert.ok(functions.length >= 10);
  for (const fn of functions) {
    const asset = join(out, `asset.${String(fn.Properties['Code'].S3Key).replace('.zip', '')}`);
    const bundle: Record<string, unknown> = await import(pathToFileURL(join(asset, 'index.mjs')).href);
    const name = String(fn.Properties['FunctionName']);
    assert.equal(typeof bundle[String(fn.Properties['Handler']).replace('index.', '')], 'function', name);
    assert.ok(existsSync(join(asset, 'index.mjs.map')), name);
    const issuers = JSON.parse(readFileSync(join(asset, 'own-issuers.json'), 'utf8'));
    assert.equal(issuers[0]?.descriptor.id, 'own-hub', name);
    const isIssuers = /-(rotate|worker)-|-deliver$/.test(name);
    assert.equal(existsSync(join(asset, 'private-ca.pem')), isIssuers, name);
    assert.equal(
      fn.Properties['Environment'].Variables.NODE_EXTRA_CA_CERTS,
      isIssuers ? '/var/task/private-ca.pem' : undefined,
      name,
    );
  }
  assert.deepEqual(
    readdirSync(out).filter((name) => name.startsWith('bundl')),
    [],
    'what bundles were copied from is gone',
  );
});

test('a wrong setting is one sentence, not a stack trace', () => {
  const { status, stderr } = runApp({ issuers: { okta: {} }, sweepInterval: 'often' });
  assert.equal(status, 1);
  assert.match(
    stderr,
    /keyturn\.json: sweepInterval is "often": write a whole number of minutes or hours from 1m to 6h, like 15m or 1h\.\n$/,
  );
  assert.equal(stderr.trim().split('\n').length, 1);
});
