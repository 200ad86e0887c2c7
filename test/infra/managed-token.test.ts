import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AwsSolutionsChecks } from 'cdk-nag';
import { billing } from '../../examples/managed-token.ts';
import { registrationOf } from '../../functions/core/policy/read-tags.ts';
import { DAY, HOUR } from '../../functions/core/basics/time.ts';
import { Keyturn, ManagedToken } from '../../lib/infra/index.ts';
import { type Resource, Synthesised, makeApp } from './synth.ts';

const EXAMPLE = new Synthesised(billing(makeApp()));

function tagsOf(secret: Resource): Map<string, string> {
  return new Map(
    secret.Properties['Tags'].map((tag: { Key: string; Value: string }) => [tag.Key, tag.Value]),
  );
}

function tokenIn(stack: Stack, props: object): ManagedToken {
  return new ManagedToken(stack, 'Token', { issuer: 'gitlab', owner: 'team-billing', ...props });
}

test('the tags of the example are read by Keyturn as they were meant', () => {
  const [, secret] = EXAMPLE.named('AWS::SecretsManager::Secret', 'Name', 'billing/deploy-token');
  const registration = registrationOf(tagsOf(secret), 'billing/deploy-token');
  assert.deepEqual(
    { ...registration, policy: undefined },
    {
      installation: 'main',
      provider: 'gitlab',
      owner: 'team-billing',
      environment: 'production',
      purpose: 'pushes images of the billing service',
      admin: undefined,
      policy: undefined,
      consumers: [{ name: 'api', kind: 'ecs', target: 'prod/billing-api' }],
      problems: [],
    },
  );
  assert.deepEqual(
    [registration.policy.rotateEvery, registration.policy.maxAge, registration.policy.minGrace],
    [14 * DAY, 60 * DAY, 4 * HOUR],
  );
});

test('a new secret holds no credential and is kept when the stack goes', () => {
  for (const [, secret] of EXAMPLE.of('AWS::SecretsManager::Secret')) {
    assert.equal(secret.Properties['SecretString'], '{}');
    assert.equal(secret.Properties['GenerateSecretString'], undefined);
    assert.equal(secret.DeletionPolicy, 'Retain');
  }
});

test("Secrets Manager's own schedule is a day after the maximum age; deployment rotates nothing", () => {
  const schedules = EXAMPLE.of('AWS::SecretsManager::RotationSchedule').map(
    ([, schedule]) => schedule.Properties,
  );
  assert.deepEqual(
    schedules.map((one) => [
      EXAMPLE.text(one['RotationLambdaARN']),
      one['RotationRules'],
      one['RotateImmediatelyOnUpdate'],
    ]),
    [
      [
        'arn:aws:lambda:eu-central-1:111122223333:function:keyturn-main-rotate-gitlab',
        { AutomaticallyAfterDays: 61 },
        false,
      ],
      [
        'arn:aws:lambda:eu-central-1:111122223333:function:keyturn-main-rotate-npm-registry',
        { AutomaticallyAfterDays: 91 },
        false,
      ],
    ],
  );
  assert.deepEqual(
    EXAMPLE.of('AWS::SecretsManager::ResourcePolicy'),
    [],
    'no policy forbids to delete the secret',
  );
  assert.deepEqual(EXAMPLE.of('AWS::Lambda::Permission'), []);
});

test('the example passes AwsSolutions', () => {
  const stack = billing(makeApp());
  assert.deepEqual(new AwsSolutionsChecks(stack).validateScope(stack).violations, []);
});

test('a secret of the same app is registered and keeps its content', () => {
  const stack = new Stack(makeApp(), 'own');
  new ManagedToken(stack, 'Token', {
    issuer: 'gitlab',
    owner: 'team-billing',
    secret: new Secret(stack, 'Mine'),
    installation: 'eu',
  });
  const synth = new Synthesised(stack);
  assert.equal(tagsOf(synth.only('AWS::SecretsManager::Secret')).get('keyturn:installation'), 'eu');
});

test('a secret from elsewhere cannot be tagged, and the warning says which tags to add', () => {
  const stack = new Stack(makeApp(), 'foreign');
  tokenIn(stack, { secret: Secret.fromSecretNameV2(stack, 'Theirs', 'theirs') });
  Annotations.fromStack(stack).hasWarning(
    '/foreign/Token',
    Match.stringLikeRegexp(
      'add these tags to it by hand: keyturn:installation=main, keyturn:issuer=gitlab, ' +
        'keyturn:owner=team-billing',
    ),
  );
});

const WRONG: [object, RegExp][] = [
  [
    { issuer: 'okta', policy: { maxLifetime: '40d' } },
    /: maxLifetime 40d cannot be kept, since okta sets no expiry/,
  ],
  [{ issuer: 'jira' }, /^issuer is "jira": write one of gitlab, npm-registry, okta, [a-z0-9, -]+\.$/],
  [{ owner: '' }, /keyturn:owner/],
  [
    { policy: { rotateEvery: 'often' } },
    /keyturn:rotate-every of the secret .* is wrong: "often" is not a duration like 30d/,
  ],
  [{ policy: { rotateEvery: '90d', maxAge: '30d' } }, /rotateEvery 90d is longer than maxAge 30d/],
  [
    { policy: { evidence: 'consumers' } },
    /evidence consumers wants every declared consumer to have moved, and none is declared: declare one/,
  ],
  [{ secretName: 'prod/ci', policy: { rotateAfter: 'prod/ci' } }, /: rotateAfter names the token itself/],
  [
    { policy: { rotateEvery: '12h', maxAge: '1d' } },
    /maxAge 1d leaves too little at gitlab, .* raise maxAge to 2d/,
  ],
  [{ policy: { maxAge: '2000d' } }, /maxAge is too long for Secrets Manager: make it 999d or shorter\.$/],
];

for (const [props, wanted] of WRONG)
  test(`a registration with ${JSON.stringify(props)} is refused at synth`, () => {
    assert.throws(
      () => tokenIn(new Stack(makeApp(), 'wrong'), props),
      (error) => error instanceof Error && wanted.test(error.message),
    );
  });

test('where the token stands is said by tags', () => {
  const stack = new Stack(makeApp(), 'Placed');
  tokenIn(stack, { secretName: 'a/b', field: 'a.b', format: 'Bearer {value}' });
  const [, secret] = new Synthesised(stack).named('AWS::SecretsManager::Secret', 'Name', 'a/b');
  assert.deepEqual(
    ['keyturn:field', 'keyturn:format'].map((key) => tagsOf(secret).get(key)),
    ['a.b', 'Bearer @value@'],
  );
  assert.throws(
    () => tokenIn(new Stack(makeApp(), 'Wrong'), { secretName: 'a/b', format: 'Bearer' }),
    /keyturn:format .+ write \{value\} exactly once/,
  );
});

test('a token is refused whose issuer its installation, in the same app, does not deploy', () => {
  const made = (installation: string): (() => unknown) => {
    const app = makeApp();
    new Keyturn(new Stack(app, 'keyturn-main'), 'Keyturn', { issuers: { okta: {} } });
    tokenIn(new Stack(app, 'billing'), { installation });
    return () => app.synth();
  };
  assert.throws(made('main'), {
    name: 'SettingsError',
    message:
      'billing/Token names the issuer gitlab, which the installation main does not deploy: ' +
      'add "gitlab": {} to its issuers, or retire the token and take it out.',
  });
  assert.doesNotThrow(made('other'));
});
