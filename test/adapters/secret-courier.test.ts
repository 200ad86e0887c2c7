import {
  CreateSecretCommand,
  DeleteSecretCommand,
  RotateSecretCommand,
  TagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { deliveredVersionOf } from '../../functions/core/delivery/target-secret.ts';
import type { Parcel, Passage } from '../../functions/core/delivery/courier.ts';
import { AwsError } from '../../lib/sandbox/aws/errors.ts';
import { CONTRACT_VALUE, parcelFor } from '../contracts/courier.ts';
import { token } from '../sandbox/aws/world.ts';
import { TARGET_SECRET, TARGET, TEXT, targetWorld, textWith, type TargetWorld } from './target-secrets.ts';

const FIRST = token('first');
const MINE = deliveredVersionOf(parcelFor(TARGET, { kind: 'secret' }).id, FIRST);
const DONE = { outcome: 'proven', proof: 'the secret holds the new value' };

function carry(
  { courier }: TargetWorld,
  change: Partial<Parcel> = {},
  { target = TARGET, value = CONTRACT_VALUE } = {},
): Promise<Passage> {
  return courier.carry(parcelFor(target, { kind: 'secret', ...change }), async () => new Secret(value));
}

/** The error of a try, which holds neither the value nor anything of the target secret. */
async function refusal(world: TargetWorld, target = TARGET): Promise<{ code: string; message: string }> {
  const error: unknown = await carry(world, {}, { target }).then(
    () => assert.fail('it was brought'),
    (error: unknown) => error,
  );
  const shown = inspect(error, { depth: 9, showHidden: true });
  for (const secret of [CONTRACT_VALUE, 'old-token-value', 'GITLAB_TOKEN":2'])
    assert.ok(!shown.includes(secret), shown);
  return Object(error);
}

/** Cuts the run off at one call, before it works or after. */
function cutAt(phase: 'before' | 'after', operation: string, times = 1): TargetWorld['at'] {
  let left = times;
  return (call) => {
    if (call.phase !== phase || call.operation !== operation || left-- <= 0) return;
    throw new AwsError('InternalServiceError', `broken while it held ${CONTRACT_VALUE}`, 500);
  };
}

describe('a target secret', () => {
  it('gets the value in its field, and is byte for byte what it was elsewhere and before', async () => {
    const world = await targetWorld();
    assert.deepEqual(await carry(world), DONE);
    assert.equal(await world.text(), textWith(CONTRACT_VALUE));
    assert.equal(await world.text('AWSPREVIOUS'), TEXT);
    assert.deepEqual(await world.labels(), { [FIRST]: ['AWSPREVIOUS'], [MINE]: ['AWSCURRENT'] });
  });

  it('that has the value already is not written', async () => {
    const world = await targetWorld({ SecretString: textWith(CONTRACT_VALUE) });
    assert.deepEqual(await carry(world), DONE);
    assert.deepEqual(world.calls(), ['DescribeSecret', 'GetSecretValue']);
  });

  it('gets values of several deliveries, each in its own field', async () => {
    const world = await targetWorld({ SecretString: '{"A":"","b":{"A":""}}' });
    await carry(world, {}, { target: 'prod/app:A', value: 'one' });
    await carry(world, { id: 'another' }, { target: 'prod/app:b.A', value: 'two' });
    assert.equal(await world.text(), '{"A":"one","b":{"A":"two"}}');
  });
});

describe('what is refused', () => {
  const cases: [what: string, world: () => Promise<TargetWorld>, message: RegExp][] = [
    ['not JSON', () => targetWorld({ SecretString: 'GITLAB_TOKEN=old-token-value' }), /holds no JSON object/],
    ['an array', () => targetWorld({ SecretString: '["old-token-value"]' }), /holds no JSON object/],
    [
      'a doubled field',
      () => targetWorld({ SecretString: '{"GITLAB_TOKEN":"old-token-value","GITLAB_TOKEN":"y"}' }),
      /has the field "GITLAB_TOKEN" twice: keep one of them\.$/,
    ],
    [
      'no such field',
      () => targetWorld({ SecretString: '{"X":"old-token-value"}' }),
      /has no field "GITLAB_/,
    ],
    ['a number', () => targetWorld({ SecretString: '{"GITLAB_TOKEN":2}' }), /has no text in the field/],
    [
      'too long a text',
      () => targetWorld({ SecretString: `{"GITLAB_TOKEN":"","x":"${'x'.repeat(65_500)}"}` }),
      /would have \d{5} bytes with the new value, and Secrets Manager keeps 65536: take \d+ bytes out/,
    ],
    [
      'bytes',
      () => targetWorld({ SecretBinary: Buffer.from(TEXT) }),
      /holds binary data: store JSON as text/,
    ],
    ['no version', () => targetWorld({}), /has no current version: store JSON in it/],
    ['a scheduled deletion', deleted, /is scheduled for deletion: restore it/],
    ['a rotated secret', rotated, /is rotated, and a rotation would overwrite the value/],
    ['a secret with a tag of Keyturn', tagged, /has tags of Keyturn/],
    ['a managed secret', () => adjusted({ owningService: 'rds' }), /is managed by rds/],
    ['a replica', () => adjusted({ primaryRegion: 'us-east-1' }), /is a replica of one in us-east-1/],
  ];
  for (const [what, make, message] of cases)
    it(`is ${what}: nothing is written, and one sentence says what to do`, async () => {
      const world = await make();
      const error = await refusal(world);
      assert.equal(error.code, 'delivery-invalid');
      assert.match(error.message, /^The secret prod\/app [^.]*\.$/);
      assert.match(error.message, message);
      assert.deepEqual(
        world.calls().filter((call) => !['DescribeSecret', 'GetSecretValue'].includes(call)),
        [],
      );
    });

  async function deleted(): Promise<TargetWorld> {
    const world = await targetWorld();
    await world.theirs(() => world.secrets.send(new DeleteSecretCommand({ SecretId: TARGET_SECRET })));
    return world;
  }

  async function rotated(): Promise<TargetWorld> {
    const world = await targetWorld();
    const RotationLambdaARN = world.aws.lambda.arnOf('rotate');
    const RotationRules = { AutomaticallyAfterDays: 30 };
    await world.theirs(() =>
      world.secrets.send(
        new RotateSecretCommand({
          SecretId: TARGET_SECRET,
          RotationLambdaARN,
          RotationRules,
          RotateImmediately: false,
        }),
      ),
    );
    return world;
  }

  async function tagged(): Promise<TargetWorld> {
    const world = await targetWorld();
    const Tags = [{ Key: 'keyturn:installation', Value: 'another' }];
    await world.theirs(() => world.secrets.send(new TagResourceCommand({ SecretId: TARGET_SECRET, Tags })));
    return world;
  }

  async function adjusted(change: Parameters<TargetWorld['aws']['secretsManager']['adjust']>[1]) {
    const world = await targetWorld();
    world.aws.secretsManager.adjust(TARGET_SECRET, change);
    return world;
  }

  it('is a secret of Keyturn itself, whatever a grant says', async () => {
    const world = await targetWorld(undefined, {}, 'keyturn/admin/*');
    const Name = 'keyturn/admin/gitlab';
    await world.theirs(() => world.secrets.send(new CreateSecretCommand({ Name, SecretString: TEXT })));
    const error = await refusal(world, `${Name}:GITLAB_TOKEN`);
    assert.match(error.message, /^The secret keyturn\/admin\/gitlab belongs to Keyturn itself/);
    assert.deepEqual(world.calls(), ['DescribeSecret']);
  });

  it('is a secret that is missing', async () => {
    const error = await refusal(await targetWorld(), 'prod/gone:A');
    assert.deepEqual(
      [error.code, error.message],
      ['not-found', 'There is no secret prod/gone: correct the target of the consumer.'],
    );
  });

  const denials: [operation: string, code: string, message: RegExp][] = [
    ['DescribeSecret', 'secret-unreadable', /^Keyturn may not read the secret prod\/app \(AccessDenied/],
    [
      'GetSecretValue',
      'secret-unreadable',
      /^Keyturn may not read the secret \S+prod\/app-\w+ \(AccessDenied/,
    ],
    ['PutSecretValue', 'delivery-invalid', /^Keyturn may not write the secret prod\/app \(AccessDenied/],
    ['UpdateSecretVersionStage', 'delivery-invalid', /^Keyturn may not write the secret prod\/app/],
  ];
  for (const [operation, code, message] of denials)
    it(`is said when AWS denies ${operation}`, async () => {
      const world = await targetWorld();
      world.at = (call) => {
        if (call.operation === operation) throw new AwsError('AccessDeniedException', CONTRACT_VALUE, 400);
      };
      const error = await refusal(world);
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.equal(await world.text(), TEXT);
    });
});

describe('what somebody else stores at the same moment', () => {
  const others = TEXT.replace('1.50', '"theirs"');
  for (const [phase, operation] of [
    ['before', 'GetSecretValue'],
    ['before', 'PutSecretValue'],
    ['after', 'PutSecretValue'],
  ] as const)
    it(`${phase} ${operation} is not lost`, async () => {
      const world = await targetWorld();
      let isPut = false;
      world.at = async (call) => {
        if (isPut || call.phase !== phase || call.operation !== operation) return;
        isPut = true;
        await world.put(others);
      };
      assert.deepEqual(await carry(world), DONE);
      assert.equal(await world.text(), others.replace('old-token-value', CONTRACT_VALUE));
      assert.equal(await world.text('AWSPREVIOUS'), others, 'theirs was current until then');
      assert.deepEqual(
        Object.values(await world.labels())
          .flat()
          .toSorted(),
        ['AWSCURRENT', 'AWSPREVIOUS'],
      );
    });

  it('right after the move is what counts: the value is put into it as well', async () => {
    const world = await targetWorld();
    let isPut = false;
    world.at = async (call) => {
      if (isPut || call.phase !== 'after' || call.operation !== 'UpdateSecretVersionStage') return;
      isPut = true;
      await world.put(others);
    };
    assert.deepEqual(await carry(world), DONE);
    assert.equal(await world.text(), others.replace('old-token-value', CONTRACT_VALUE));
  });

  it('at every try ends this run, to be tried later, and leaves no label behind', async () => {
    const world = await targetWorld();
    let count = 0;
    world.at = async (call) => {
      if (call.phase === 'after' && call.operation === 'PutSecretValue')
        await world.put(TEXT.replace('1.50', String(++count)));
    };
    const error = await refusal(world);
    assert.deepEqual([error.code, count], ['conflict', 5]);
    assert.equal(await world.text(), TEXT.replace('1.50', '5'));
    assert.deepEqual(
      Object.values(await world.labels())
        .flat()
        .toSorted(),
      ['AWSCURRENT', 'AWSPREVIOUS'],
    );
  });

  it('is another delivery into the same secret: both arrive', async () => {
    const world = await targetWorld({ SecretString: '{"A":"","B":""}' });
    let isBegun = false;
    let other: Promise<Passage> | undefined;
    world.at = async (call) => {
      if (isBegun || call.phase !== 'after' || call.operation !== 'PutSecretValue') return;
      isBegun = true;
      other = carry(world, { id: 'another' }, { target: 'prod/app:B', value: 'two' });
      await other;
    };
    assert.deepEqual(await carry(world, {}, { target: 'prod/app:A', value: 'one' }), DONE);
    assert.deepEqual(await other, DONE);
    assert.equal(await world.text(), '{"A":"one","B":"two"}');
  });
});

describe('a run that is cut off', () => {
  /** Dead from one call on: nothing that it would do after that is done. */
  function dead(phase: 'before' | 'after', operation: string): TargetWorld['at'] {
    let isDead = false;
    return (call) => {
      isDead ||= call.phase === phase && call.operation === operation;
      if (isDead) throw new AwsError('InternalServiceError', `broken while it held ${CONTRACT_VALUE}`, 500);
    };
  }

  for (const operation of ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'])
    for (const phase of ['before', 'after'] as const)
      it(`${phase} ${operation} is carried on by the next, with the version that it made`, async () => {
        const world = await targetWorld();
        world.at = dead(phase, operation);
        assert.equal((await refusal(world)).code, 'aws-failed');
        world.at = () => undefined;
        assert.deepEqual(await carry(world), DONE);
        assert.equal(await world.text(), textWith(CONTRACT_VALUE));
        assert.deepEqual(await world.labels(), { [FIRST]: ['AWSPREVIOUS'], [MINE]: ['AWSCURRENT'] });
      });

  it('leaves one version of its own at most, and the next delivery takes its label', async () => {
    const world = await targetWorld();
    world.at = dead('after', 'PutSecretValue');
    await refusal(world);
    assert.deepEqual(await world.labels(), { [FIRST]: ['AWSCURRENT'], [MINE]: ['keyturn-delivery'] });
    world.at = () => undefined;
    await carry(world, { id: 'a-later-one' }, { value: 'next' });
    assert.equal(await world.text(), textWith('next'));
    assert.deepEqual(
      Object.values(await world.labels())
        .flat()
        .toSorted(),
      ['AWSCURRENT', 'AWSPREVIOUS'],
    );
  });

  it('leaves nothing that a later refusal would not take away', async () => {
    const world = await targetWorld();
    world.at = dead('after', 'PutSecretValue');
    await refusal(world);
    world.at = () => undefined;
    await world.put('no JSON');
    assert.equal((await refusal(world)).code, 'delivery-invalid');
    assert.deepEqual(
      Object.values(await world.labels())
        .flat()
        .toSorted(),
      ['AWSCURRENT', 'AWSPREVIOUS'],
    );
  });

  it('after which the field takes another text is not carried on in silence', async () => {
    const world = await targetWorld();
    world.at = dead('after', 'PutSecretValue');
    await refusal(world);
    world.at = () => undefined;
    await assert.rejects(carry(world, {}, { value: 'read-elsewhere' }), {
      code: 'delivery-invalid',
      message:
        /has a version of this delivery with another text: have it delivered anew with `keyturn consumer/,
    });
    assert.equal(await world.text(), TEXT);
  });

  it('that lost only the answer of the move goes on', async () => {
    const world = await targetWorld();
    world.at = cutAt('after', 'UpdateSecretVersionStage');
    assert.deepEqual(await carry(world), DONE);
    assert.equal(await world.text(), textWith(CONTRACT_VALUE));
  });
});

it('what is written counts only when it is read back', async () => {
  let lag = 0;
  const world = await targetWorld(undefined, { staleReads: { describe: () => lag } });
  await world.clock.advanceBy(10_000);
  lag = 5_000;
  const error = await refusal(world);
  assert.equal(error.code, 'not-visible-yet');
  assert.equal(await world.text(), textWith(CONTRACT_VALUE), 'it was written');
  await world.clock.advanceBy(10_000);
  assert.deepEqual(await carry(world), DONE);
});
