import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type SettingsInput, SettingsError, parseSettings } from '../../lib/infra/settings.ts';
import { readSettings, refuseOwnBus } from '../../lib/infra/settings/file.ts';
import { minutesOf } from '../../lib/infra/settings/notation.ts';
import { ALL_ISSUERS, ALL_SETTINGS, contextOfCdkJson } from './synth.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-settings-'));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

function sentenceOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    return error.message;
  }
  throw new assert.AssertionError({ message: 'nothing was refused' });
}

test('nothing has to be set but the issuers', () => {
  const settings = parseSettings({ issuers: { okta: {} } });
  assert.equal(settings.installation, 'main');
  assert.deepEqual(settings.issuers, { okta: {} });
  assert.equal(minutesOf(settings.sweepInterval), 15);
  assert.equal(minutesOf(settings.reconcileInterval), 60);
  assert.deepEqual(settings.retention, { logDays: 90, removalPolicy: 'retain' });
  assert.equal(settings.pager, undefined);
});

test('what was parsed may be parsed again', () => {
  const once = parseSettings(ALL_SETTINGS);
  assert.deepEqual(parseSettings(once), once);
  assert.equal(once.pager?.url, 'https://events.pagerduty.com/v2/enqueue');
});

const WRONG: [unknown, RegExp][] = [
  [
    { installation: 'Main!' },
    /^settings: installation is "Main!": write 1 to 16 small letters, digits and hyphens, beginning with a letter\.$/,
  ],
  [{ installation: 7 }, /^settings: installation .*write 1 to 16 small letters/],
  [{ isuers: { gitlab: {} } }, /^settings: has an unknown setting "isuers": write issuers, or remove it\.$/],
  [
    { xyzzy: 1 },
    /^settings: has an unknown setting "xyzzy": remove it or correct its name \(there are installation, issuers, /,
  ],
  [
    { issuers: undefined },
    /^settings: issuers is missing, so no issuer would be deployed: write "issuers": \{"gitlab": \{\}\}, or another of gitlab, npm-registry, okta, /,
  ],
  [
    { issuers: {} },
    /^settings: issuers is empty, so no issuer would be deployed: write "issuers": \{"gitlab": \{\}\}, or another of gitlab, /,
  ],
  [
    { issuers: ['gitlab'] },
    /^settings: issuers must be an object with an issuer for each key: write "issuers": \{"gitlab": \{\}\}, or another of gitlab, /,
  ],
  [
    { issuers: { gitlab: true } },
    /^settings: issuers\.gitlab must be an object: write \{\} for an issuer without options\.$/,
  ],
  [
    { issuers: { jira: {} } },
    /^settings: issuers\.jira names an unknown issuer "jira": write one of gitlab, npm-registry, okta, /,
  ],
  [{ issuers: { gitlb: {} } }, /^settings: issuers\.gitlb names an unknown issuer "gitlb": write gitlab\.$/],
  [
    { policies: { issuers: { jira: {} } } },
    /^settings: policies\.issuers\.jira names an unknown issuer "jira": write one of gitlab, /,
  ],
  [
    { issuers: { gitlab: { allowedHosts: ['https://gitlab.example.com'] } } },
    /^settings: issuers\.gitlab\.allowedHosts\[0\] is "https:\/\/gitlab\.example\.com": write a host name in small letters without https:\/\//,
  ],
  [
    { issuers: { gitlab: { allowedHosts: [] } } },
    /^settings: issuers\.gitlab\.allowedHosts is empty: name a host, or leave it out for the vendor's own\.$/,
  ],
  [
    { policies: { all: { rotateEvry: '7d' } } },
    /^settings: policies\.all has an unknown field "rotateEvry": there are rotateEvery, /,
  ],
  [
    { policies: { all: { rotateEvery: '12h', maxAge: '1d' } } },
    /^settings: policies\.all has what cannot be kept: maxAge 1d leaves too little at gitlab, .* raise maxAge to 2d, or shorten rotateEvery or minGrace\.$/,
  ],
  [
    { policies: { issuers: { gitlab: { maxLifetime: '2d', rotateEvery: '1d' } } } },
    /^settings: policies\.issuers\.gitlab has what cannot be kept: maxLifetime 2d leaves too little/,
  ],
  [
    {
      policies: {
        all: { rotateEvery: '30d' },
        environments: { dev: { maxAge: '35d', minGrace: '20d', maxGrace: '25d' } },
      },
    },
    /^settings: policies\.environments\.dev has what cannot be kept: maxAge 35d .*grace 20d/,
  ],
  [
    { policies: { all: { rotateEvery: '91d' } } },
    /^settings: policies\.all contradicts itself: rotateEvery 91d is longer than maxAge 90d: shorten rotateEvery or raise maxAge\.$/,
  ],
  [
    { policies: { all: { rotateEvery: '60d' }, environments: { dev: { maxAge: '45d' } } } },
    /^settings: policies\.environments\.dev contradicts itself: rotateEvery 60d is longer than maxAge 45d/,
  ],
  [
    { policies: { issuers: { okta: { rotateEvery: '60d' } }, environments: { dev: { maxAge: '45d' } } } },
    /^settings: policies\.environments\.dev contradicts itself together with policies\.issuers\.okta: rotateEvery 60d is longer than maxAge 45d/,
  ],
  [
    { alerts: { emails: ['nobody'] } },
    /^settings: alerts\.emails\[0\] is "nobody": write an e-mail address\.$/,
  ],
  [
    { alerts: { fallbackOwner: 'x' } },
    /^settings: alerts\.fallbackOwner is wrong: name an owner that has a route\.$/,
  ],
  [
    { alerts: { routes: [{ owner: 'a', emails: [] }] } },
    /^settings: alerts\.routes\[0\]\.emails is empty: name an address\.$/,
  ],
  [
    { alerts: { escalateAfter: '5m' } },
    /^settings: alerts\.escalateAfter is "5m": write a length of time from 15m to 7d, like 4h, or off\.$/,
  ],
  [
    { alerts: { digest: 'daily' } },
    /^settings: alerts\.digest is "daily": write a time of day and a time zone, like 08:00 Europe\/Berlin, or off\.$/,
  ],
  [
    { alerts: { quietHours: ['at night'] } },
    /^settings: alerts\.quietHours\[0\] is "at night": write days, hours and a time zone, like daily 20:00-08:00 Europe\/Berlin\.$/,
  ],
  [
    { alerts: { quietHours: ['daily 00:00-24:00 UTC'] } },
    /^settings: alerts\.quietHours has no hour outside: make the quiet hours fewer\.$/,
  ],
  [
    { alerts: { mails: [] } },
    /^settings: alerts has an unknown setting "mails": write emails, or remove it\.$/,
  ],
  [
    { alerts: { routes: [{ owner: 'a', emails: ['a@example.com'], lowest: 'info' }] } },
    /^settings: alerts\.routes\[0\] has an unknown setting "lowest": remove it or correct its name \(there are owner, emails, minSeverity\)\.$/,
  ],
  [
    { retention: { xyzzy: 'retain' } },
    /^settings: retention has an unknown setting "xyzzy": remove it or correct its name \(there are logDays, removalPolicy\)\.$/,
  ],
  [
    { delivery: { kinds: ['ecs'] } },
    /^settings: delivery\.kinds\[0\] is wrong: write event, webhook, github, gitlab-variable or kubernetes; for ECS services, functions and secrets write grants\.$/,
  ],
  [
    { delivery: { ecs: [{ secret: '*', target: 'prod/api' }] } },
    /^settings: delivery\.ecs\[0\]\.secret is wrong: write the name of a secret, or the start of one followed by \*\.$/,
  ],
  [
    { delivery: { ecs: [{ secret: 'a', target: 'pro*' }] } },
    /^settings: delivery\.ecs\[0\]\.target is wrong: write a cluster and a service, like prod\/billing-api or prod\/billing-\*\.$/,
  ],
  [
    { delivery: { lambda: [{ secret: 'a', target: 'k*' }] } },
    /^settings: delivery\.lambda\[0\]\.target names functions of Keyturn itself: write the name of a consumer, or more of it before the \*\.$/,
  ],
  [
    { delivery: { lambda: [{ secret: 'a', target: 'keyturn-main-worker-gitlab' }] } },
    /names functions of Keyturn itself/,
  ],
  [
    { delivery: { secret: [{ secret: 'a', target: 'prod/app' }] } },
    /^settings: delivery\.secret\[0\]\.target is wrong: write a secret and a field, like prod\/app:GITLAB_TOKEN or prod\/app:\*\.$/,
  ],
  [
    { delivery: { secret: [{ secret: 'a', target: 'key*' }] } },
    /^settings: delivery\.secret\[0\]\.target names secrets of Keyturn itself: write the name of another, or more of it before the \*\.$/,
  ],
  [
    { delivery: { secret: [{ secret: 'a', target: 'keyturn/admin/gitlab:*' }] } },
    /names secrets of Keyturn itself/,
  ],
  [{ pager: {} }, /^settings: pager\.secretName is wrong: write the name \(not the ARN\) of the secret/],
  [
    { pager: { secretName: 'x', url: 'http://events.example.com' } },
    /^settings: pager\.url is "http:\/\/events\.example\.com": write an https URL without credentials/,
  ],
  [
    { pager: { secretName: 'x', url: 'https://me:pw@events.example.com' } },
    /^settings: pager\.url is .*without credentials/,
  ],
  [
    { sweepInterval: '90s' },
    /^settings: sweepInterval is "90s": write a whole number of minutes or hours from 1m to 6h, like 15m or 1h\.$/,
  ],
  [{ sweepInterval: '7h' }, /^settings: sweepInterval is "7h": /],
  [{ sweepInterval: 15 }, /^settings: sweepInterval is wrong: write a whole number of minutes/],
  [
    { maxConcurrentRotations: 0 },
    /^settings: maxConcurrentRotations is wrong: write a whole number from 1 to 1000\.$/,
  ],
  [
    { maxConcurrentRotations: 1.5 },
    /^settings: maxConcurrentRotations is wrong: write a whole number from 1 to 1000\.$/,
  ],
  [
    { issuers: { gitlab: { maxConcurrency: 1 } } },
    /^settings: issuers\.gitlab\.maxConcurrency is wrong: write a whole number from 2 to 1000\.$/,
  ],
  [
    { issuers: { gitlab: { concurrency: 1 } } },
    /^settings: issuers\.gitlab has an unknown setting "concurrency": write maxConcurrency, or remove it\.$/,
  ],
  [
    { vpc: { subnetIds: [], securityGroupIds: ['sg-0a1b2c3d'] } },
    /^settings: vpc\.subnetIds is empty: name at least one subnet\.$/,
  ],
  [
    { vpc: { subnetIds: ['subnet-xyz'], securityGroupIds: ['sg-0a1b2c3d'] } },
    /^settings: vpc\.subnetIds\[0\] is "subnet-xyz": write the id of a subnet/,
  ],
  [
    { secretKmsKeyArns: ['alias/mine'] },
    /^settings: secretKmsKeyArns\[0\] is "alias\/mine": write the ARN of a KMS key/,
  ],
  [
    { retention: { logDays: 10 } },
    /^settings: retention\.logDays is wrong: write a number of days that CloudWatch knows: 1, 3, 5, 7, 14, /,
  ],
  [
    { retention: { removalPolicy: 'keep' } },
    /^settings: retention\.removalPolicy is wrong: write "retain" or "destroy"\.$/,
  ],
  [{ runbookUrl: 'wiki' }, /^settings: runbookUrl is "wiki": write an https URL/],
  [[], /^settings: must be an object\.$/],
];

/** With the issuers named, unless it is about them. */
function withIssuers(input: unknown): unknown {
  return typeof input === 'object' && !Array.isArray(input) ? { issuers: ALL_ISSUERS, ...input } : input;
}

for (const [input, wanted] of WRONG)
  test(`one sentence for ${JSON.stringify(input)}`, () => {
    const sentence = sentenceOf(() => parseSettings(withIssuers(input)));
    assert.match(sentence, wanted);
    assert.doesNotMatch(sentence, /\n/);
  });

test(
  'a policy for one environment is held against what holds for all, not against the defaults that this ' +
    'replaces',
  () => {
    const policies = {
      all: { maxAge: '365d' },
      issuers: { okta: { evidence: 'all' } },
      environments: { production: { rotateEvery: '120d' } },
    };
    assert.deepEqual(parseSettings({ issuers: ALL_ISSUERS, policies }).policies, policies);
  },
);

/** A name that is right in another place, by path. */
const MISPLACED: [unknown, string][] = [
  [{ allowedHosts: {} }, 'has an unknown setting "allowedHosts": write it as issuers.<id>.allowedHosts'],
  [{ quietHours: [] }, 'has an unknown setting "quietHours": write it as alerts.quietHours'],
  [
    { removalPolicy: 'retain' },
    'has an unknown setting "removalPolicy": write it as retention.removalPolicy',
  ],
  [
    { alerts: { secretName: 'ops/pager' } },
    'alerts has an unknown setting "secretName": write it as pager.secretName',
  ],
];

for (const [input, wanted] of MISPLACED)
  test(`the right place for ${JSON.stringify(input)}`, () =>
    assert.equal(
      sentenceOf(() => parseSettings(withIssuers(input))),
      `settings: ${wanted}, or remove it.`,
    ));

test('without a file the settings of cdk.json hold, and with one nothing of them', () => {
  const ofCdkJson = contextOfCdkJson()['settings'];
  assert.deepEqual(readSettings(ofCdkJson, folder), parseSettings({ issuers: ALL_ISSUERS }));
  assert.match(
    sentenceOf(() => readSettings({ issuers: { jira: {} } }, folder)),
    /^settings of cdk\.json: issuers\.jira names an unknown issuer/,
  );
  const own = mkdtempSync(join(folder, 'own-'));
  writeFileSync(join(own, 'keyturn.json'), '{"issuers":{"okta":{}}}');
  assert.deepEqual(readSettings(ofCdkJson, own).issuers, { okta: {} });
  writeFileSync(join(own, 'keyturn.json'), '{"alerts":{"emails":["a@example.com"]}}');
  assert.match(
    sentenceOf(() => readSettings(ofCdkJson, own)),
    /^keyturn\.json: issuers is missing/,
  );
});

test('where nothing is said, the sentence says which file to write', () => {
  assert.match(
    sentenceOf(() => readSettings(undefined, folder)),
    /^keyturn\.json: issuers is missing, so no issuer would be deployed: write "issuers": \{"gitlab": \{\}\}/,
  );
});

test('a file that is named has to be there', () => {
  assert.match(
    sentenceOf(() => readSettings('none.json', folder)),
    /^none\.json: there is no such file: correct the path given with -c settings=/,
  );
});

test('a file is read, and its errors name it', () => {
  const given: SettingsInput = { issuers: ALL_ISSUERS, installation: 'eu', sweepInterval: '30m' };
  assert.equal(readSettings(write('good.json', JSON.stringify(given)), folder).installation, 'eu');
  assert.match(
    sentenceOf(() =>
      readSettings(write('wrong.json', '{"issuers":{"okta":{}},"installation":"EU"}'), folder),
    ),
    /^wrong\.json: installation is "EU": /,
  );
  assert.match(
    sentenceOf(() => readSettings(write('broken.json', '{"installation":'), folder)),
    /^broken\.json: is not valid JSON: /,
  );
});

test('a private authority is a file of certificates', () => {
  write('ca.pem', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
  write('key.pem', '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n');
  write('note.txt', 'hello');
  const read = (path: string): unknown =>
    readSettings(write('with-ca.json', JSON.stringify({ issuers: ALL_ISSUERS, caBundleFile: path })), folder);
  assert.deepEqual(read('ca.pem'), {
    ...parseSettings({ issuers: ALL_ISSUERS }),
    caBundleFile: join(folder, 'ca.pem'),
  });
  assert.match(
    sentenceOf(() => read('none.pem')),
    /^with-ca\.json: caBundleFile names .*none\.pem, which does not exist: correct the path, relative to with-ca\.json\.$/,
  );
  assert.match(
    sentenceOf(() => read('key.pem')),
    /holds a private key/,
  );
  assert.match(
    sentenceOf(() => read('note.txt')),
    /without a PEM certificate/,
  );
});

test('an installation does not forward to its own bus', () => {
  const settings = parseSettings({
    issuers: ALL_ISSUERS,
    installation: 'eu',
    staging: { forwardTo: ['arn:aws:events:eu-central-1:111122223333:event-bus/keyturn-eu'] },
  });
  assert.match(
    sentenceOf(() => refuseOwnBus(settings, { account: '111122223333', region: 'eu-central-1' })),
    /^staging\.forwardTo names .*own bus: leave it out/,
  );
  refuseOwnBus(settings, { account: '111122223333', region: 'us-east-1' });
  refuseOwnBus(settings, {});
});

test('a policy is held against those issuers alone that are deployed', () => {
  const policies = { all: { rotateEvery: '12h', maxAge: '1d' } };
  assert.doesNotThrow(() => parseSettings({ issuers: { okta: {}, 'npm-registry': {} }, policies }));
  assert.doesNotThrow(() =>
    parseSettings({
      issuers: ALL_ISSUERS,
      policies: { ...policies, issuers: { gitlab: { maxAge: '3d' } } },
    }),
  );
  assert.throws(() => parseSettings({ issuers: { okta: {}, gitlab: {} }, policies }), /gitlab/);
});
