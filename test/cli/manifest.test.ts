import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { CONSUMER_KINDS } from '../../functions/core/consumers/consumer-kinds.ts';
import { DEFAULT_POLICY } from '../../functions/core/policy/policy.ts';
import { TAGS } from '../../functions/core/policy/tags.ts';
import { registrationOf } from '../../functions/core/policy/read-tags.ts';
import { DAY } from '../../functions/core/basics/time.ts';
import { parseManifest, type ManifestFault, type WantedToken } from '../../lib/cli/manifest/parse.ts';
import { planFor, tagsFor } from '../../lib/cli/manifest/plan.ts';
import { manifestJsonSchema } from '../../lib/cli/manifest/schema.ts';

const ROOT = new URL('../../', import.meta.url);
const CONTEXT = {
  installation: 'main',
  rotationFunction: (issuer: string) => `arn:aws:lambda:eu-west-1:1:function:keyturn-main-rotate-${issuer}`,
};

function faults(text: string): string[] {
  const parsed = parseManifest(text);
  assert.ok('faults' in parsed, 'it was taken');
  return parsed.faults.map(
    ({ line, column, field, message }: ManifestFault) => `${line}:${column} ${field} ${message}`,
  );
}

function tokens(text: string): readonly WantedToken[] {
  const parsed = parseManifest(text);
  assert.ok('tokens' in parsed, JSON.stringify(parsed));
  return parsed.tokens;
}

const head = (entry: string): string =>
  `version: 1\ntokens:\n  - secret: a\n    issuer: okta\n    owner: o\n${entry}`;

/** An entry of a token that is rotated after another one. */
const rotatedAfter = (name: string, first: string): string =>
  `  - secret: ${name}\n    issuer: okta\n    owner: o\n    policy: { rotateAfter: ${first} }\n`;

test('the example is a manifest, and the schema in the repository is the one that the code makes', () => {
  const example = tokens(readFileSync(new URL('examples/tokens.yaml', ROOT), 'utf8'));
  assert.deepEqual(
    example.map((one) => one.issuer),
    ['gitlab', 'npm-registry', 'okta'],
  );
  assert.deepEqual(
    JSON.parse(readFileSync(new URL('tokens.schema.json', ROOT), 'utf8')),
    JSON.parse(JSON.stringify(manifestJsonSchema())),
  );
});

test('a lifetime that the issuer does not let be set is refused where it stands', () => {
  assert.deepEqual(faults(head('    policy:\n      maxLifetime: 40d\n')), [
    '7:7 tokens[0].policy.maxLifetime is wrong: maxLifetime 40d cannot be kept, since okta sets no ' +
      'expiry: leave it out; maxAge limits the age of a credential',
  ]);
});

test('a life that its issuer cannot give is refused where it stands, with the arithmetic and the fix', () => {
  const gitlab = (policy: string): readonly string[] =>
    faults(head(`    policy: { ${policy} }\n`).replace('okta', 'gitlab'));
  assert.match(
    gitlab('maxAge: 1d, rotateEvery: 12h')[0] ?? '',
    /^6:15 tokens\[0\]\.policy\.maxAge is wrong: maxAge 1d leaves too little at gitlab, where credentials end at 00:00 of a date: .* raise maxAge to 2d, or shorten rotateEvery or minGrace$/,
  );
  assert.match(
    gitlab('maxLifetime: 35d, minGrace: 20d, maxGrace: 25d')[0] ?? '',
    /^6:15 tokens\[0\]\.policy\.maxLifetime is wrong: maxLifetime 35d .* raise maxLifetime to 52d/,
  );
  assert.equal(tokens(head('    policy: { maxAge: 1d, rotateEvery: 12h }\n')).length, 1, 'okta sets no end');
});

test('a field of a policy in the words of tags is refused with its own name', () => {
  for (const [key, wanted] of [
    ['rotate-every', 'rotateEvery'],
    ['rotate_every', 'rotateEvery'],
    ['MaxAge', 'maxAge'],
    ['min-grace', 'minGrace'],
    ['on-containment-deadline', 'onContainmentDeadline'],
    ['disable-wait', 'disableWait'],
  ] as const)
    assert.match(
      faults(head(`    policy: { ${key}: 30d }\n`))[0] ?? '',
      new RegExp(`is no field here: write ${wanted}, or remove it`),
    );
});

test('the schema for editors takes lengths as text and knows every field', () => {
  const text = JSON.stringify(manifestJsonSchema());
  assert.match(text, /"rotateEvery":\{[^}]*"pattern":"\^\\\\d\{1,6\}\[smhd\]\$"/);
  assert.match(text, /"additionalProperties":false/);
});

/** Of an issuer whose account keeps one value. */
const oneSlot = (more: string): string =>
  `version: 1\ntokens:\n  - secret: a\n    issuer: auth0\n    owner: o\n${more}`;
const NEEDS_WORD =
  'is wrong: overlap has to be none at auth0: it keeps one value, and a new one ends the current one at ' +
  'once. Consumers fail from then on until they have read the new one: write none to permit that';

const CASES: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    'an empty file',
    '',
    ['1:1 version is missing: write version: 1', '1:1 tokens is missing: write a list of tokens'],
  ],
  ['another version', 'version: 2\ntokens: []\n', ['1:1 version is wrong: write version: 1']],
  ['no list', 'version: 1\ntokens: 3\n', ['2:1 tokens is wrong: write a list of tokens']],
  [
    'no map',
    'version: 1\ntokens:\n  - hello\n',
    ['3:5 tokens[0] is wrong: write fields and values, one a line'],
  ],
  [
    'an ARN',
    'version: 1\ntokens:\n  - secret: arn:aws:x\n    issuer: okta\n    owner: o\n',
    ['3:5 tokens[0].secret is wrong: write the name (not the ARN) of a secret, like prod/billing/gitlab'],
  ],
  [
    'an admin secret',
    'version: 1\ntokens:\n  - secret: keyturn/admin/okta\n    issuer: okta\n    owner: o\n',
    ['3:5 tokens[0].secret names an admin secret: name the secret that consumers read, or say isAdmin: true'],
  ],
  [
    'an admin secret of an issuer that makes no successor',
    'version: 1\ntokens:\n  - secret: keyturn/admin/okta\n    issuer: okta\n    owner: o\n    isAdmin: ' +
      'true\n',
    [
      '3:5 tokens[0].secret is wrong: holds a credential that only a person can make at okta: leave it ' +
        'out, Keyturn watches it all the same',
    ],
  ],
  [
    'an admin secret under another issuer',
    'version: 1\ntokens:\n  - secret: keyturn/admin/gitlab/two\n    issuer: okta\n    owner: o\n    ' +
      'isAdmin: true\n',
    ['3:5 tokens[0].secret is the admin secret of gitlab: write that issuer'],
  ],
  [
    'an admin that is none',
    'version: 1\ntokens:\n  - secret: prod/a\n    issuer: gitlab\n    owner: o\n    isAdmin: true\n',
    ['3:5 tokens[0].secret is no admin secret: leave isAdmin out'],
  ],
  [
    'a number for a length',
    head('    policy: { maxAge: 90 }\n'),
    ['6:15 tokens[0].policy.maxAge is wrong: write a length of time like 30d, 12h or 15m'],
  ],
  [
    'no length',
    head('    policy:\n      maxAge: 90 days\n'),
    ['7:7 tokens[0].policy.maxAge is wrong: "90 days" is not a duration like 30d, 12h or 15m'],
  ],
  [
    'a length of nothing',
    head('    policy: { maxAge: 0d }\n'),
    ['6:15 tokens[0].policy.maxAge is wrong: maxAge must be longer than 0s'],
  ],
  [
    'a word that is none of them',
    head('    policy: { onMaxGrace: kill }\n'),
    ['6:15 tokens[0].policy.onMaxGrace is wrong: write one of keep, revoke'],
  ],
  [
    'a policy against itself',
    head('    policy: { minGrace: 10d, maxGrace: 1d }\n'),
    [
      '6:15 tokens[0].policy.minGrace is wrong: minGrace 10d is longer than maxGrace 1d: shorten ' +
        'minGrace or raise maxGrace',
    ],
  ],
  [
    'evidence of consumers that are not declared',
    head('    policy: { evidence: consumers }\n'),
    [
      '6:15 tokens[0].policy.evidence is wrong: evidence consumers wants every declared consumer to ' +
        'have moved, and none is declared: declare one (consumers in a manifest, a tag ' +
        'keyturn:consumer:NAME on the secret), or write last-used or time',
    ],
  ],
  [
    'a token that follows itself',
    head('    policy: { rotateAfter: a }\n'),
    [
      '6:15 tokens[0].policy.rotateAfter is wrong: rotateAfter names the token itself: name the one ' +
        'that has to be rotated first',
    ],
  ],
  [
    'tokens that follow each other',
    head('    policy: { rotateAfter: c }\n') +
      rotatedAfter('b', 'a') +
      rotatedAfter('c', 'b') +
      rotatedAfter('d', 'a'),
    [
      '6:15 tokens[0].policy.rotateAfter is wrong: a waits for c waits for b waits for a: let one of ' +
        'them wait for none',
    ],
  ],
  [
    'more than Secrets Manager can',
    head('    policy: { maxAge: 1000d }\n'),
    [
      '6:15 tokens[0].policy.maxAge is longer than 999d, the longest that Secrets Manager can back up: ' +
        'shorten it',
    ],
  ],
  [
    'a consumer of no kind',
    head('    consumers: [{ name: ci, kind: jenkins, target: x }]\n'),
    [
      '6:29 tokens[0].consumers[0].kind is wrong: write one of ecs, lambda, github, gitlab-variable, ' +
        'kubernetes, secret, webhook, event, role, ack, service',
    ],
  ],
  [
    'a consumer of another form',
    head('    consumers: [{ name: ci, kind: ecs, target: prod }]\n'),
    [
      '6:40 tokens[0].consumers[0].target must have the form cluster/service: write prod/billing-api, ' +
        'without the kind in front',
    ],
  ],
  [
    'a consumer twice',
    head('    consumers: [{ name: a, kind: ack, target: x }, { name: a, kind: ack, target: y }]\n'),
    ['6:54 tokens[0].consumers[1].name repeats a, which consumers[0] has already: give it another name'],
  ],
  [
    'an unknown field of a consumer',
    head('    consumers: [{ name: a, kind: ack, target: x, url: y }]\n'),
    ['6:50 tokens[0].consumers[0].url is no field here: remove it (there are name, kind, target)'],
  ],
  [
    'a token that may not lose its value with the creation of the next',
    oneSlot('    policy: { overlap: kept }\n'),
    [`6:15 tokens[0].policy.overlap ${NEEDS_WORD}`],
  ],
  [
    'overlap: none at an issuer where old and new are active at the same time',
    head('    policy: { overlap: none }\n'),
    [
      '6:15 tokens[0].policy.overlap is wrong: overlap none has no use at okta, where old and new ' +
        'overlap: leave it out',
    ],
  ],
  [
    'a secret twice',
    head('  - secret: a\n    issuer: okta\n    owner: o\n'),
    ['6:5 tokens[1].secret repeats a, which tokens[0] names already: keep one of them'],
  ],
  ['a field twice', 'version: 1\nversion: 1\n', ['2:1  is not valid YAML: Map keys must be unique']],
  [
    'an alias to nothing',
    'version: 1\ntokens: *x\n',
    ['1:1  uses an alias (*name) that has no anchor, or far too many of them: write the values out'],
  ],
];

for (const [name, text, expected] of CASES)
  test(`a manifest with ${name} is refused with place and fix`, () =>
    assert.deepEqual(faults(text), expected));

test('faults of shape and of policy come back together, in the order of the file', () => {
  const found = faults(
    `${head('    policy: { minGrace: 10d, maxGrace: 1d }\n')}  - secret: b\n    ownr: x\n    issuer: okta\n`,
  );
  assert.deepEqual(
    found.map((one) => one.split(' ').slice(0, 2).join(' ')),
    ['6:15 tokens[0].policy.minGrace', '7:5 tokens[1].owner', '8:5 tokens[1].ownr'],
  );
});

const length = fc
  .integer({ min: 1, max: 400 })
  .chain((count) => fc.constantFrom(`${count}d`, `${count}h`, `${count}m`));
const policy = fc.record(
  {
    rotateEvery: length,
    maxAge: length,
    minGrace: length,
    maxGrace: length,
    unusedFor: length,
    warnBefore: fc.array(length, { minLength: 1, maxLength: 5 }),
    evidence: fc.constantFrom('time', 'last-used'),
    onMaxGrace: fc.constantFrom('keep', 'revoke'),
  },
  { requiredKeys: [] },
);
const entry = fc.record(
  {
    secret: fc.stringMatching(/^[a-z]{1,8}\/[a-z]{1,8}$/),
    issuer: fc.constantFrom('gitlab', 'okta', 'npm-registry'),
    owner: fc.stringMatching(/^[a-z][a-z -]{0,20}[a-z]$/),
    environment: fc.constantFrom('dev', 'production'),
    purpose: fc.stringMatching(/^[a-z][a-z ]{0,30}[a-z]$/),
    policy,
  },
  { requiredKeys: ['secret', 'issuer', 'owner'] },
);

test('tags say exactly what the manifest says, and a plan that was carried out is empty', () => {
  fc.assert(
    fc.property(entry, (one) => {
      const parsed = parseManifest(stringify({ version: 1, tokens: [one] }));
      if ('faults' in parsed) return fc.pre(false);
      const [wanted] = parsed.tokens;
      assert.ok(wanted);
      const tags = tagsFor(wanted, 'main');
      const registration = registrationOf(tags, one.secret);
      assert.deepEqual(registration.policy, wanted.fullPolicy);
      assert.deepEqual(
        [registration.owner, registration.provider, registration.purpose],
        [one.owner, one.issuer, one.purpose ?? ''],
      );
      const plan = planFor(wanted, undefined, CONTEXT);
      assert.ok(plan.action === 'create');
      const { rotation } = plan.steps;
      assert.ok(rotation && rotation.everyDays * DAY > wanted.fullPolicy.maxAge);
      const found = {
        arn: 'arn',
        tags: plan.steps.setTags,
        obstacle: undefined,
        pending: undefined,
        rotation: { ...rotation, schedule: undefined },
      };
      assert.equal(planFor(wanted, found, CONTEXT).action, 'none');
    }),
    { numRuns: 200 },
  );
});

test('a plan drops only tags of ours', () => {
  const [wanted] = tokens(head(''));
  assert.ok(wanted);
  const tags = new Map([
    ['keyturn:cache-ttl', '5m'],
    ['keyturn:custom', 'x'],
    ['aws:cloudformation:stack-name', 's'],
    ['team', 'y'],
  ]);
  const plan = planFor(
    wanted,
    { arn: 'arn', tags, obstacle: undefined, pending: undefined, rotation: undefined },
    CONTEXT,
  );
  assert.ok(plan.action === 'change');
  assert.deepEqual(plan.steps.dropTags, [TAGS.cacheTtl]);
  assert.equal(wanted.fullPolicy.cacheTtl, DEFAULT_POLICY.cacheTtl);
});

test('another name at each rotation is told when a secret is registered, and not again', () => {
  const [wanted] = tokens(head('').replace('okta', 'rabbitmq'));
  assert.ok(wanted);
  const told = (tags: Map<string, string>): readonly string[] => {
    const found = { arn: 'arn', tags, obstacle: undefined, pending: undefined, rotation: undefined };
    const plan = planFor(wanted, found, CONTEXT);
    return 'warnings' in plan ? plan.warnings : [];
  };
  const [warning, ...more] = told(new Map());
  assert.match(
    warning ?? '',
    /^Each rotation of a gives consumers another "username" too \(alternating users\)/,
  );
  assert.deepEqual([more, told(tagsFor(wanted, 'main'))], [[], []]);
});

test('a consumer that takes the value alone is refused where a name comes with it', () => {
  const consumers = (kind: string, target: string): string =>
    '    consumers:\n      - { name: hook, kind: webhook, target: x }\n' +
    `      - { name: ci, kind: ${kind}, target: "${target}" }\n`;
  const text = head(consumers('github', 'acme/x:TOKEN'));
  assert.deepEqual(tokens(text).length, 1);
  const told = faults(text.replace('okta', 'rabbitmq')).join();
  assert.match(told, /tokens\[0\]\.consumers\[1\]\.kind is a kind that takes the value alone/);
  assert.equal(tokens(head(consumers('event', 'x')).replace('okta', 'rabbitmq')).length, 1);
});

test('a secret that cannot be rotated is refused with the reason', () => {
  const [wanted] = tokens(head(''));
  assert.ok(wanted);
  const plan = planFor(
    wanted,
    {
      arn: 'arn',
      tags: new Map(),
      obstacle: 'The secret a is a replica.',
      pending: undefined,
      rotation: undefined,
    },
    CONTEXT,
  );
  assert.deepEqual(plan, { action: 'refuse', secret: 'a', reason: 'The secret a is a replica.' });
});

test('a schedule that somebody else set is shown before it is replaced', () => {
  const [wanted] = tokens(head(''));
  assert.ok(wanted);
  const plan = planFor(
    wanted,
    {
      arn: 'arn',
      tags: tagsFor(wanted, 'main'),
      obstacle: undefined,
      pending: undefined,
      rotation: { functionArn: 'arn:other', everyDays: undefined, schedule: 'rate(4 hours)' },
    },
    CONTEXT,
  );
  assert.ok(plan.action === 'change');
  assert.deepEqual(plan.changes, [
    { what: 'rotation function', from: 'arn:other', to: CONTEXT.rotationFunction('okta') },
    { what: 'backstop schedule', from: 'rate(4 hours)', to: 'every 91 days' },
  ]);
});

test('consumers become tags, and tags that the manifest no longer states go', () => {
  const [token] = tokens(head('    consumers: [{ name: ci, kind: github, target: "acme/x:TOKEN" }]\n'));
  assert.ok(token);
  assert.equal(tagsFor(token, 'main').get('keyturn:consumer:ci'), 'github:acme/x:TOKEN');
  const tags = new Map([...tagsFor(token, 'main'), ['keyturn:consumer:old', 'ack:team']]);
  const plan = planFor(
    token,
    { arn: 'arn', tags, obstacle: undefined, pending: undefined, rotation: undefined },
    CONTEXT,
  );
  assert.deepEqual(plan.action === 'change' && plan.steps.dropTags, ['keyturn:consumer:old']);
});

test(
  'where the token stands is a tag like the rest, within the ' +
    'characters of tags, and gone with its field',
  () => {
    const [wanted] = tokens(`${head('')}    field: hosts.gitlab\\.com.token\n    format: 'Bearer {value}'\n`);
    assert.ok(wanted);
    const tags = tagsFor(wanted, 'main');
    assert.deepEqual(
      [tags.get(TAGS.field), tags.get(TAGS.format)],
      ['hosts.gitlab@5c@.com.token', 'Bearer @value@'],
    );
    registrationOf(tags, 'a');
    const [without] = tokens(head(''));
    assert.ok(without);
    const plan = planFor(
      without,
      { arn: 'arn', tags, obstacle: undefined, rotation: undefined, pending: undefined },
      CONTEXT,
    );
    assert.ok(plan.action === 'change');
    assert.deepEqual(plan.steps.dropTags, [TAGS.field, TAGS.format]);
  },
);

test('a place that says nothing is a fault of its field', () => {
  const told = (more: string): string => faults(`${head('')}    ${more}\n`).join();
  assert.match(told('field: a..b'), /tokens\[0\]\.field .*write the names of fields apart by dots/);
  assert.match(told('field: _keyturn'), /tokens\[0\]\.field .*own field/);
  assert.match(told('field: 7'), /tokens\[0\]\.field .*write text like gitlab\.token/);
  assert.match(told("format: 'Bearer '"), /tokens\[0\]\.format .*write \{value\} exactly once/);
  assert.match(
    told(`format: '${'{'.repeat(90)}{value}'`),
    /tokens\[0\]\.format .*256 characters of a tag: shorten it/,
  );
});

test('an admin secret is read as its issuer says', () => {
  const found = faults(
    'version: 1\ntokens:\n  - secret: keyturn/admin/gitlab\n    issuer: gitlab\n    owner: o\n    ' +
      'isAdmin: true\n    format: "x{value}"\n',
  );
  assert.match(found.join(), /tokens\[0\]\.format is not for admin secrets/);
});

test('what a fault of a target tells to write is taken, for every kind', () => {
  for (const kind of CONSUMER_KINDS.options) {
    const parsed = (target: string): ReturnType<typeof parseManifest> =>
      parseManifest(
        stringify({
          version: 1,
          tokens: [{ secret: 'a', issuer: 'gitlab', owner: 'o', consumers: [{ name: 'ci', kind, target }] }],
        }),
      );
    const wrong = parsed('\u0000..');
    assert.ok('faults' in wrong);
    const [, told = ''] =
      /: write (.+), without the kind in front$/.exec(wrong.faults[0]?.message ?? '') ?? [];
    assert.ok('tokens' in parsed(told), `${kind}: ${told}`);
  }
  const both = parseManifest(
    stringify({
      version: 1,
      tokens: [
        {
          secret: 'a',
          issuer: 'gitlab',
          owner: 'o',
          consumers: [{ name: 'ci', kind: 'github', target: 'github:acme/billing:DEPLOY_TOKEN' }],
        },
      ],
    }),
  );
  assert.deepEqual('faults' in both && both.faults.map(({ field, message }) => [field, message]), [
    [
      'tokens[0].consumers[0].target',
      'must have the form owner/repo[/environment]:NAME: write acme/billing:DEPLOY_TOKEN, without the ' +
        'kind in front',
    ],
  ]);
});

test(
  'a version that another tool staged is said, with what to do; while Keyturn rotates, nothing of it is ' +
    'in the way',
  () => {
    const [wanted] = tokens(head(''));
    assert.ok(wanted);
    const found = { arn: 'arn', tags: tagsFor(wanted, 'main'), obstacle: undefined, pending: 'v-theirs' };
    const other = planFor(wanted, { ...found, rotation: undefined }, CONTEXT);
    assert.ok(other.action === 'refuse');
    assert.match(
      other.reason,
      /^Version v-theirs of the secret a is labelled AWSPENDING and is not current: another tool staged it.*--version-stage AWSPENDING --remove-from-version-id v-theirs\), then apply again\.$/,
    );
    const named = planFor(
      wanted,
      { ...found, rotation: { functionArn: 'arn:other', everyDays: 30, schedule: undefined } },
      CONTEXT,
    );
    assert.match(named.action === 'refuse' ? named.reason : '', /the function arn:other staged it/);
    const ours = { functionArn: CONTEXT.rotationFunction('okta'), everyDays: 91, schedule: undefined };
    assert.equal(planFor(wanted, { ...found, rotation: ours }, CONTEXT).action, 'none');
    assert.equal(
      planFor(wanted, { ...found, rotation: { ...ours, everyDays: 7 } }, CONTEXT).action,
      'change',
    );
    const [kept] = tokens(head('    rotation: keep\n'));
    assert.ok(kept);
    assert.equal(planFor(kept, { ...found, rotation: undefined }, CONTEXT).action, 'none');
  },
);
