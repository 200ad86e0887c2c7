import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../../functions/core/basics/secret.ts';
import { VirtualClock } from '../../../lib/sandbox/clock.ts';
import { jupyterhubSimulator } from '../../../lib/sandbox/issuers/jupyterhub.ts';
import { changed } from '../../providers/own/changed.ts';
import { OWN_FILES, textOfFile } from '../../providers/own/files.ts';
import { bench, type Bench, type Run } from '../harness.ts';

const FILE = 'issuers/own-hub.yaml';
const HOST = 'hub.keyturn.test';
const NAME = 'reports/hub';
const SETTINGS = JSON.stringify({ issuers: { 'own-hub': { file: FILE, allowedHosts: [HOST] } } });

interface Desk {
  readonly desk: Bench;
  readonly hub: ReturnType<typeof jupyterhubSimulator>;
  /** What was sent to the hub, as `POST /path`. */
  readonly sent: string[];
  readonly made: () => Promise<{ value: string; live: boolean; name: string | undefined }[]>;
}

/** A folder with the settings and the file, and a hub that answers. */
function folder(): Desk {
  const desk = bench();
  const hub = jupyterhubSimulator({ clock: new VirtualClock(Date.now()) });
  const sent: string[] = [];
  desk.files.set(FILE, textOfFile(OWN_FILES.jupyterhub)).set('keyturn.json', SETTINGS);
  desk.input = hub.adminSecret([NAME]);
  desk.fetch = (request) => {
    sent.push(`${request.method} ${new URL(request.url).pathname}`);
    return hub.fetch(request);
  };
  return { desk, hub, sent, made: async () => [...(await hub.credentials(NAME))] };
}

const adminOf = (desk: Bench): string => JSON.parse(desk.input ?? '').token;

/** No credential in anything that was printed. */
async function assertClean({ desk, made }: Desk, { out, err }: Run): Promise<void> {
  for (const value of [adminOf(desk), ...(await made()).map((one) => one.value)])
    for (const way of [value, btoa(value), encodeURIComponent(value)])
      assert.ok(!`${out}${err}`.includes(way), 'a credential was printed');
}

describe('keyturn issuer test', () => {
  it('shows each request with credentials masked, and sends none', async () => {
    const { desk, sent } = folder();
    desk.broken = new Error('no AWS here');
    const { exit, out } = await desk.keyturn('issuer', 'test', FILE);
    assert.equal(exit, 0);
    assert.deepEqual(sent, []);
    for (const text of [
      'GET https://issuer.example.com/hub/api/user',
      'POST https://issuer.example.com/hub/api/users/reports/tokens',
      'GET https://issuer.example.com/hub/api/users/reports/tokens',
      'DELETE https://issuer.example.com/hub/api/users/reports/tokens/id-1',
      'authorization: token <admin credential>',
      'authorization: token <value>',
      '"scopes":["access:servers!user"],"expires_in":86400}',
      'Nothing was sent',
    ])
      assert.ok(out.includes(text), `${text} is not in\n${out}`);
  });

  it('shows the same of an issuer with other answers, and as JSON', async () => {
    const desk = bench();
    desk.files.set('g.yaml', textOfFile(OWN_FILES.grafana));
    const { exit, out } = await desk.keyturn('issuer', 'test', 'g.yaml', '--json');
    assert.equal(exit, 0);
    const { requests, steps } = JSON.parse(out);
    assert.deepEqual(steps, []);
    assert.deepEqual(
      new Set(requests.map(({ step }: { step: string }) => step)),
      new Set(['examine', 'create', 'check', 'list', 'revoke']),
    );
  });

  it('tells all that is wrong with a file, with line and fix, and sends nothing', async () => {
    const { desk, sent } = folder();
    desk.files.set(FILE, changed(OWN_FILES.jupyterhub, { odd: 1, 'revoke.path': '/x' }));
    for (const more of [[], ['--try', '--yes'], ['--json']]) {
      const { exit, err, out } = await desk.keyturn('issuer', 'test', FILE, ...more);
      assert.equal(exit, 2);
      assert.match(err, /own-hub\.yaml:\d+:\d+: odd is no field here: remove it/);
      assert.match(err, /own-hub\.yaml:\d+:\d+: revoke must name what it ends: put \{id\}/);
      if (more.includes('--json')) assert.equal(JSON.parse(out).faults.length, 2);
    }
    assert.deepEqual(sent, []);
  });

  it('creates, checks, lists and revokes one credential with --try, and prints no value', async () => {
    const all = folder();
    const run = await all.desk.keyturn('issuer', 'test', FILE, '--try', '--yes');
    assert.equal(run.exit, 0, run.err + run.out);
    const made = await all.made();
    assert.deepEqual(
      made.map(({ live }) => live),
      [false],
    );
    assert.match(made[0]?.name ?? '', /^keyturn-[0-9a-f]{10}-[0-9a-f]{12}-[0-9a-f]{16}$/);
    assert.ok(run.err.includes(made[0]?.name ?? '-'));
    for (const words of [
      'the issuer accepts the admin credential',
      'was made, named keyturn-',
      'the issuer accepts the new value',
      'the list shows it, active and by its name',
      'it is revoked, and the issuer refuses its value',
    ])
      assert.ok(run.out.includes(words), `${words} is not in\n${run.out}`);
    await assertClean(all, run);
    const json = await all.desk.keyturn('issuer', 'test', FILE, '--try', '--yes', '--json');
    assert.deepEqual(
      JSON.parse(json.out).steps.map(({ step, outcome }: Record<string, string>) => `${step} ${outcome}`),
      ['examine done', 'create done', 'check done', 'list done', 'revoke done'],
    );
    await assertClean(all, json);
  });

  it('reads the admin secret from AWS where one is named, and no other secret', async () => {
    const { desk } = folder();
    desk.admins.set('keyturn/admin/own-hub', new Secret(desk.input ?? ''));
    desk.input = undefined;
    const good = ['issuer', 'test', FILE, '--try', '--yes', '--admin'];
    assert.equal((await desk.keyturn(...good, 'keyturn/admin/own-hub')).exit, 0);
    const { exit, err } = await desk.keyturn(...good, 'prod/database');
    assert.equal(exit, 2);
    assert.match(err, /--admin is prod\/database: write keyturn\/admin\/own-hub, or a name below it|below/);
  });

  it('asks for the host first, and for the secret without showing it', async () => {
    const { desk, sent } = folder();
    desk.hidden = desk.input ?? '';
    desk.input = undefined;
    desk.answer = 'another.example';
    assert.equal((await desk.keyturn('issuer', 'test', FILE, '--try')).exit, 3);
    assert.deepEqual(sent, []);
    desk.answer = HOST;
    assert.equal((await desk.keyturn('issuer', 'test', FILE, '--try')).exit, 0);
    assert.ok(desk.questions.some((question) => question.includes('not shown')));
  });

  it('sends nothing to a host that neither the settings nor the person name', async () => {
    const { desk, sent } = folder();
    const args = ['issuer', 'test', FILE, '--try', '--yes'];
    desk.files.set('keyturn.json', SETTINGS.replace(HOST, 'other.example.com'));
    const refused = await desk.keyturn(...args);
    assert.equal(refused.exit, 3);
    assert.match(refused.err, /names the host hub\.keyturn\.test, and only other\.example\.com may be asked/);
    desk.files.delete('keyturn.json');
    assert.match((await desk.keyturn(...args)).err, /no settings here .* add --host hub\.keyturn\.test/);
    assert.deepEqual(sent, []);
    assert.equal((await desk.keyturn(...args, '--host', HOST)).exit, 0);
  });

  it('makes nothing where the issuer refuses the admin credential', async () => {
    const { desk, sent, made } = folder();
    desk.input = (desk.input ?? '').replaceAll(adminOf(desk), 'canary-wrong-admin-77');
    const { exit, out, err } = await desk.keyturn('issuer', 'test', FILE, '--try', '--yes');
    assert.equal(exit, 1);
    assert.match(out, /the admin credential is inactive/);
    assert.ok(!`${out}${err}`.includes('canary-wrong-admin-77'));
    assert.ok(sent.every((one) => one.startsWith('GET')));
    assert.deepEqual(await made(), []);
  });

  it('revokes what it made where the list does not show it', async () => {
    const all = folder();
    all.desk.files.set(FILE, changed(OWN_FILES.jupyterhub, { 'list.entry.name': '/kind' }));
    const run = await all.desk.keyturn('issuer', 'test', FILE, '--try', '--yes');
    assert.equal(run.exit, 1);
    assert.match(run.out, /was made otherwise than asked: another name/);
    assert.deepEqual(
      (await all.made()).map(({ live }) => live),
      [false],
    );
    await assertClean(all, run);
  });

  it('finds and revokes what was made where the answer was lost', async () => {
    const all = folder();
    const { hub } = all;
    all.desk.fetch = async (request) => {
      const answer = await hub.fetch(request);
      if (request.method === 'POST') throw new TypeError('canary-lost');
      return answer;
    };
    const run = await all.desk.keyturn('issuer', 'test', FILE, '--try', '--yes');
    assert.equal(run.exit, 1);
    assert.match(run.out, /what was made is revoked/);
    assert.deepEqual(
      (await all.made()).map(({ live }) => live),
      [false],
    );
    await assertClean(all, run);
  });

  it('says what is left, by name and account, where it cannot be revoked', async () => {
    const all = folder();
    const { hub } = all;
    all.desk.fetch = async (request) =>
      request.method === 'DELETE' ? new Response('{}', { status: 500 }) : hub.fetch(request);
    const run = await all.desk.keyturn('issuer', 'test', FILE, '--try', '--yes');
    assert.equal(run.exit, 1);
    assert.match(
      run.out,
      /Look for the credential named keyturn-[0-9a-f-]+ at hub\.keyturn\.test\/users\/u\d, and revoke it there/,
    );
    assert.deepEqual(
      (await all.made()).map(({ live }) => live),
      [true],
    );
    await assertClean(all, run);
  });

  it('says what is missing in one sentence', async () => {
    const { desk } = folder();
    assert.match((await desk.keyturn('issuer', 'test')).err, /Which file\?/);
    assert.match(
      (await desk.keyturn('issuer', 'test', 'none.yaml')).err,
      /none\.yaml cannot be read: correct/,
    );
    desk.input = '';
    assert.match((await desk.keyturn('issuer', 'test', FILE, '--try')).err, /No admin secret was given/);
    desk.input = JSON.stringify({ grants: [{ secret: 'team-a/*' }] });
    assert.match(
      (await desk.keyturn('issuer', 'test', FILE, '--try')).err,
      /say whose grant is used with --secret/,
    );
    assert.match(
      (await desk.keyturn('issuer', 'test', FILE, '--try', '--sandbox')).err,
      /leave --sandbox out/,
    );
  });
});

describe('an issuer of your own in the command', () => {
  it('is listed and shown from its file, as the settings name it', async () => {
    const { desk } = folder();
    assert.match((await desk.keyturn('issuer', 'list')).out, /own-hub +Hub API tokens/);
    const shown = await desk.keyturn('issuer', 'show', 'own-hub');
    assert.match(shown.out, /Hub API tokens \(own-hub\)/);
    assert.match(shown.out, /keyturn\/admin\/own-hub/);
    const named = await desk.keyturn('issuer', 'show', FILE, '--json');
    assert.equal(JSON.parse(named.out).id, 'own-hub');
    desk.files.delete('keyturn.json');
    assert.match((await desk.keyturn('issuer', 'show', 'own-hub')).err, /There is no issuer "own-hub"/);
  });

  it('is found by the settings that KEYTURN_SETTINGS names, from their folder', async () => {
    const desk = bench();
    desk.environment = { KEYTURN_SETTINGS: 'deploy/keyturn.json' };
    assert.match(
      (await desk.keyturn('issuer', 'list')).err,
      /KEYTURN_SETTINGS names deploy\/keyturn\.json, which/,
    );
    desk.files.set('deploy/keyturn.json', SETTINGS).set(`deploy/${FILE}`, textOfFile(OWN_FILES.jupyterhub));
    assert.match((await desk.keyturn('issuer', 'list')).out, /own-hub/);
  });

  const manifest = (issuer: string, policy = ''): string =>
    `version: 1\ntokens:\n  - secret: ${NAME}\n    issuer: ${issuer}\n    owner: reports\n${policy}`;

  it('is an issuer of manifests, held against the facts of its file', async () => {
    const { desk } = folder();
    desk.files.set('t.yaml', manifest('own-hub'));
    assert.equal((await desk.keyturn('validate', 't.yaml')).exit, 0);
    desk.files.set(FILE, changed(OWN_FILES.jupyterhub, { 'facts.maxDays': 1 }));
    assert.equal((await desk.keyturn('validate', 't.yaml')).exit, 2);
    desk.files.delete('keyturn.json');
    const unknown = await desk.keyturn('validate', 't.yaml');
    assert.equal(unknown.exit, 2);
    assert.match(
      unknown.err + unknown.out,
      /tokens\[0\]\.issuer names an issuer of your own that is not known here/,
    );
    desk.files.set('t.yaml', manifest('own-Hub'));
    const odd = await desk.keyturn('validate', 't.yaml');
    assert.match(odd.err + odd.out, /tokens\[0\]\.issuer is wrong: write own- and up to 16/);
  });

  it('gets no host but from the settings', async () => {
    const { desk } = folder();
    const { exit, err } = await desk.keyturn('confirm-host', 'own-hub', 'evil.example', '--yes');
    assert.equal(exit, 3);
    assert.match(err, /come from the settings alone: add evil\.example to its allowedHosts in keyturn\.json/);
    assert.deepEqual(desk.sent, []);
  });

  it('whose file is faulty holds up no command about an installation', async () => {
    const { desk } = folder();
    desk.files.set(FILE, 'version: 2');
    const { exit, err } = await desk.keyturn('status');
    assert.equal(exit, 0);
    assert.match(err, /own-hub\.yaml:1:\d+: /);
  });
});
