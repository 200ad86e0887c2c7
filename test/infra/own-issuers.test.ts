import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { deployedIn } from '../../functions/handlers/own-descriptors.ts';
import { ownIssuersIn, ownIssuerNamed } from '../../functions/handlers/own-issuers.ts';
import { Keyturn, ManagedToken } from '../../lib/infra/index.ts';
import { readSettings } from '../../lib/infra/settings/file.ts';
import { SettingsError, parseSettings, type SettingsInput } from '../../lib/infra/settings.ts';
import { changed } from '../providers/own/changed.ts';
import { OWN_FILES, textOfFile } from '../providers/own/files.ts';
import { makeApp, synthesised } from './synth.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'keyturn-own-'));
const HOSTS = ['hub.example.com'];

function fileOf(name: string, text: string): string {
  const path = join(FOLDER, name);
  writeFileSync(path, text);
  return path;
}

const HUB = fileOf('hub.yaml', textOfFile(OWN_FILES.jupyterhub));
const ISSUERS = { 'own-hub': { file: HUB, allowedHosts: HOSTS } };

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return 'not refused';
}

const deployed = (settings: Partial<SettingsInput>, app: App = makeApp()): Keyturn =>
  new Keyturn(new Stack(app, 'main'), 'Keyturn', { issuers: ISSUERS, ...settings });

describe('the settings of an issuer of your own', () => {
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [
      { 'own-hub': { allowedHosts: HOSTS } },
      /^settings: issuers\["own-hub"\] is an issuer of your own: write "file": "issuers\/own-hub\.yaml", the path/,
    ],
    [
      { 'own-hub': { file: 'x.yaml' } },
      /^settings: issuers\["own-hub"\] is an issuer of your own: write "allowedHosts": \["hub\.example\.com"\], since/,
    ],
    [
      { gitlab: { file: 'x.yaml' } },
      /^settings: issuers\.gitlab is an issuer that comes with Keyturn: leave file out, or name yours own-gitlab\.$/,
    ],
    [
      { 'own-Hub': {} },
      /^settings: issuers\["own-Hub"\] is "own-Hub": write own- and up to 16 small letters/,
    ],
    [{ 'own-hub': { file: ' ' } }, /^settings: issuers\["own-hub"\]\.file is " ": write the path of a file/],
  ];
  for (const [issuers, sentence] of cases)
    it(`are refused in one sentence: ${JSON.stringify(issuers)}`, () =>
      assert.match(
        refusal(() => parseSettings({ issuers })),
        sentence,
      ));

  it('name files relative to the settings file', () => {
    mkdirSync(join(FOLDER, 'nested'), { recursive: true });
    const settings = { issuers: { 'own-hub': { file: '../hub.yaml', allowedHosts: HOSTS } } };
    writeFileSync(join(FOLDER, 'nested/keyturn.json'), JSON.stringify(settings));
    assert.equal(readSettings(undefined, join(FOLDER, 'nested')).issuers['own-hub']?.file, HUB);
  });
});

describe('an issuer of your own, deployed', () => {
  const synth = synthesised({ issuers: ISSUERS });

  it('has functions, a queue and a log of its own, like any other', () => {
    assert.equal(synth.fn('keyturn-main-rotate-own-hub').Properties['Handler'], 'index.rotate');
    const { Variables } = synth.fn('keyturn-main-worker-own-hub').Properties['Environment'];
    assert.equal(Variables.KEYTURN_PROVIDER, 'own-hub');
    assert.equal(Variables.ADMIN_PREFIX, 'keyturn/admin/own-hub');
    assert.equal(Variables.ALLOWED_HOSTS, HOSTS.join());
    assert.ok(Object.keys(synth.outputs).some((name) => name.includes('RotationFunctionownhub')));
  });

  it('is JSON in a file, which functions read beside their bundle', () => {
    const { file, descriptors } = deployed({}).foundation.own;
    assert.deepEqual(
      descriptors.map(({ id, own }) => [id, own]),
      [['own-hub', true]],
    );
    const folder = mkdtempSync(join(FOLDER, 'bundle-'));
    writeFileSync(join(folder, 'own-issuers.json'), readFileSync(file ?? '', 'utf8'));
    const issuers = ownIssuersIn(folder);
    assert.equal(ownIssuerNamed('own-hub', issuers).title, 'Hub API tokens');
    assert.throws(() => ownIssuerNamed('own-other', issuers), { code: 'provider-unknown' });
    assert.deepEqual(
      deployedIn(folder).map(({ descriptor }) => descriptor),
      descriptors,
      'their facts are read as they were made at synth',
    );
  });

  it('is an error to functions where its file is not as it was written, and none where there is none', () => {
    const folder = mkdtempSync(join(FOLDER, 'bundle-'));
    assert.deepEqual(ownIssuersIn(folder), []);
    for (const text of ['', '{}', '[{}]', '[{"form":{},"descriptor":{"id":"own-hub"}}]']) {
      writeFileSync(join(folder, 'own-issuers.json'), text);
      assert.throws(() => ownIssuersIn(folder), { code: 'bad-request', message: /deploy Keyturn again/ });
      assert.throws(() => deployedIn(folder), { code: 'bad-request', message: /deploy Keyturn again/ });
    }
  });

  it('adds no file to bundles where there is none', () => {
    const { own } = new Keyturn(new Stack(makeApp(), 'main'), 'Keyturn', { issuers: { okta: {} } })
      .foundation;
    assert.deepEqual(own, { descriptors: [], file: undefined });
  });

  const named = (file: string): string =>
    refusal(() => deployed({ issuers: { 'own-hub': { file, allowedHosts: HOSTS } } }));

  it('is refused in one sentence with file, line, field and fix', () => {
    assert.match(
      named(fileOf('odd.yaml', changed(OWN_FILES.jupyterhub, { 'create.host': 'evil.example' }))),
      /^issuers\.own-hub\.file: .*odd\.yaml:\d+:\d+: create\.host is no field here: remove it .*\.$/,
    );
    assert.match(
      named(fileOf('other.yaml', changed(OWN_FILES.jupyterhub, { id: 'own-lab' }))),
      /^issuers\.own-hub\.file names .*other\.yaml, whose id is own-lab: write the same id in both places\.$/,
    );
    assert.match(
      named(join(FOLDER, 'none.yaml')),
      /none\.yaml, which cannot be read: correct the path, relative/,
    );
  });

  it('has its facts held against the policies of the settings', () =>
    assert.match(
      refusal(() =>
        deployed({
          issuers: {
            'own-hub': {
              file: fileOf('short.yaml', changed(OWN_FILES.jupyterhub, { 'facts.maxDays': 1 })),
              allowedHosts: HOSTS,
            },
          },
          policies: { issuers: { 'own-hub': { rotateEvery: '30d' } } },
        }),
      ),
      /^policies\.issuers\.own-hub has what cannot be kept: .*\.$/,
    ));

  it('is taken by a ManagedToken of its installation, and refused where that does not deploy it', () => {
    const app = makeApp();
    deployed({}, app);
    const token = { owner: 'team', environment: 'dev' } as const;
    const stack = new Stack(app, 'tokens');
    new ManagedToken(stack, 'Good', { ...token, issuer: 'own-hub' });
    app.synth();
    const other = makeApp();
    deployed({}, other);
    new ManagedToken(new Stack(other, 'tokens'), 'Bad', { ...token, issuer: 'own-lab' });
    assert.match(
      refusal(() => other.synth()),
      /names the issuer own-lab, which the installation main does not deploy/,
    );
  });
});
