import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CancelRotateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { DAY, HOUR, MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import * as z from 'zod';
import { StepEvent, newSecret, onStep, sandbox, token, type Handler, type Sandbox } from './world.ts';

const Detail = z.looseObject({
  eventName: z.string(),
  errorMessage: z.string().optional(),
  additionalEventData: z.unknown(),
});

const LAMBDA = 'arn:aws:lambda:eu-central-1:111122223333:function:rotate';

/** The four steps as AWS's template does them. */
function template({ secrets }: Sandbox): Handler {
  return onStep(async ({ Step, SecretId, ClientRequestToken, RotationToken }) => {
    const described = await secrets.send(new DescribeSecretCommand({ SecretId }));
    const stages = described.VersionIdsToStages ?? {};
    if (!stages[ClientRequestToken]) throw new Error('no such version');
    if (Step === 'createSecret') {
      await secrets.send(
        new PutSecretValueCommand({
          SecretId,
          ClientRequestToken,
          SecretString: `value of ${ClientRequestToken}`,
          VersionStages: ['AWSPENDING'],
          RotationToken,
        }),
      );
    }
    if (Step !== 'finishSecret') return;
    const old = Object.keys(stages).find((id) => stages[id]?.includes('AWSCURRENT'));
    await secrets.send(
      new UpdateSecretVersionStageCommand({
        SecretId,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: ClientRequestToken,
        RemoveFromVersionId: old,
      }),
    );
  });
}

async function stagesOf({ secrets }: Sandbox, SecretId: string): Promise<Record<string, string[]>> {
  return (await secrets.send(new DescribeSecretCommand({ SecretId }))).VersionIdsToStages ?? {};
}

function serviceEvents({ aws }: Sandbox): string[] {
  return aws.events.flatMap((event) =>
    event.detailType === 'AWS Service Event via CloudTrail' ? [Detail.parse(event.detail).eventName] : [],
  );
}

function steps({ invoked }: Sandbox): string[] {
  return invoked.map((call) => StepEvent.parse(call.payload).Step);
}

async function rotating(): Promise<
  Sandbox & { arn: string; version: string; rotate(name?: string): Promise<unknown> }
> {
  const it = sandbox();
  it.functions.set('rotate', template(it));
  const { arn, version } = await newSecret(it);
  const rotate = (name = 'second'): Promise<unknown> =>
    it.secrets.send(
      new RotateSecretCommand({ SecretId: arn, RotationLambdaARN: LAMBDA, ClientRequestToken: token(name) }),
    );
  return { ...it, arn, version, rotate };
}

test('a rotation starts with a pending version id that has no value', async () => {
  const it = await rotating();
  await it.rotate();
  assert.deepEqual(await stagesOf(it, it.arn), {
    [it.version]: ['AWSCURRENT'],
    [token('second')]: ['AWSPENDING'],
  });
  const read = it.secrets.send(new GetSecretValueCommand({ SecretId: it.arn, VersionId: token('second') }));
  await assert.rejects(read, { name: 'ResourceNotFoundException' });
  const byStage = it.secrets.send(
    new GetSecretValueCommand({ SecretId: it.arn, VersionStage: 'AWSPENDING' }),
  );
  await assert.rejects(byStage, {
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
  });
});

test('four steps run in order with the ARN, the version id and one rotation token', async () => {
  const it = await rotating();
  await it.rotate();
  await it.clock.advanceBy(0);
  assert.deepEqual(steps(it), ['createSecret', 'setSecret', 'testSecret', 'finishSecret']);
  for (const call of it.invoked) {
    const payload = StepEvent.parse(call.payload);
    assert.equal(payload.SecretId, it.arn);
    assert.equal(payload.ClientRequestToken, token('second'));
    assert.equal(payload.RotationToken, StepEvent.parse(it.invoked[0]?.payload).RotationToken);
  }
  assert.deepEqual(await stagesOf(it, it.arn), {
    [it.version]: ['AWSPREVIOUS'],
    [token('second')]: ['AWSCURRENT'],
  });
  assert.deepEqual(serviceEvents(it), ['RotationStarted', 'RotationSucceeded']);
});

test('two rotations leave the oldest version without a label', async () => {
  const it = await rotating();
  await it.rotate('second');
  await it.clock.advanceBy(0);
  await it.rotate('third');
  await it.clock.advanceBy(0);
  assert.deepEqual(await stagesOf(it, it.arn), {
    [token('second')]: ['AWSPREVIOUS'],
    [token('third')]: ['AWSCURRENT'],
  });
});

test('a failing step fails the rotation and the whole of it is tried again with the same token', async () => {
  const it = await rotating();
  let failures = 1;
  const good = template(it);
  it.functions.set(
    'rotate',
    onStep(async (event) => {
      if (event.Step === 'testSecret' && failures-- > 0) throw new Error('not yet');
      await good(event);
    }),
  );
  await it.rotate();
  await it.clock.advanceBy(4 * MINUTE);
  assert.deepEqual(serviceEvents(it), ['RotationStarted', 'RotationFailed']);
  await it.clock.advanceBy(MINUTE);
  assert.deepEqual(steps(it), [
    'createSecret',
    'setSecret',
    'testSecret',
    'createSecret',
    'setSecret',
    'testSecret',
    'finishSecret',
  ]);
  assert.equal(new Set(it.invoked.map((call) => StepEvent.parse(call.payload).ClientRequestToken)).size, 1);
  assert.deepEqual(serviceEvents(it).at(-1), 'RotationSucceeded');
});

test('the event of a failed rotation names the function and the step', async () => {
  const it = await rotating();
  it.functions.set('rotate', () => {
    throw new Error('down');
  });
  await it.rotate();
  await it.clock.advanceBy(0);
  const failed = it.aws.events
    .map((event) => Detail.safeParse(event.detail).data)
    .find((detail) => detail?.eventName === 'RotationFailed');
  assert.equal(failed?.errorMessage, `Error when executing lambda ${LAMBDA} during createSecret step`);
  assert.deepEqual(failed?.additionalEventData, { SecretId: it.arn });
});

test('tries and their distance are settings', async () => {
  const it = sandbox({ rotation: { tries: 2, retryAfter: HOUR } });
  it.functions.set('rotate', () => {
    throw new Error('down');
  });
  const { arn } = await newSecret(it);
  await it.secrets.send(new RotateSecretCommand({ SecretId: arn, RotationLambdaARN: LAMBDA }));
  await it.clock.advanceBy(59 * MINUTE);
  assert.equal(it.invoked.length, 1);
  await it.clock.advanceBy(DAY);
  assert.equal(it.invoked.length, 2);
});

test('createSecret that leaves the pending version empty fails the rotation', async () => {
  const it = await rotating();
  it.functions.set('rotate', () => undefined);
  await it.rotate();
  await it.clock.advanceBy(0);
  assert.deepEqual(steps(it), ['createSecret']);
  assert.deepEqual(serviceEvents(it), ['RotationStarted', 'RotationFailed']);
});

test('a rotation that is not complete blocks another', async () => {
  const it = await rotating();
  it.functions.set('rotate', () => {
    throw new Error('down');
  });
  await it.rotate();
  await it.clock.advanceBy(DAY);
  await assert.rejects(it.rotate('third'), {
    name: 'InvalidRequestException',
    message: "A previous rotation isn't complete. That rotation will be reattempted.",
  });
});

test('a pending version left behind is taken up again under its own token', async () => {
  const it = await rotating();
  it.functions.set('rotate', () => {
    throw new Error('down');
  });
  await it.rotate();
  await it.clock.advanceBy(DAY);
  it.functions.set('rotate', template(it));
  await it.rotate();
  await it.clock.advanceBy(0);
  assert.deepEqual((await stagesOf(it, it.arn))[token('second')], ['AWSCURRENT']);
});

test('a value that a failed try stored is still there at the next, and cannot be replaced', async () => {
  const it = await rotating();
  const seen: (string | undefined)[] = [];
  it.functions.set(
    'rotate',
    onStep(async ({ Step, SecretId, ClientRequestToken, RotationToken }) => {
      if (Step !== 'createSecret') throw new Error('down');
      const read = await it.secrets
        .send(new GetSecretValueCommand({ SecretId, VersionId: ClientRequestToken }))
        .catch(() => undefined);
      seen.push(read?.SecretString);
      await it.secrets.send(
        new PutSecretValueCommand({
          SecretId,
          ClientRequestToken,
          RotationToken,
          SecretString: `try ${seen.length}`,
          VersionStages: ['AWSPENDING'],
        }),
      );
    }),
  );
  await it.rotate();
  await it.clock.advanceBy(HOUR);
  assert.deepEqual(seen, [undefined, 'try 1', 'try 1']);
});

test('a rotation token that is not that of the rotation is refused', async () => {
  const it = await rotating();
  await it.rotate();
  const put = it.secrets.send(
    new PutSecretValueCommand({
      SecretId: it.arn,
      ClientRequestToken: token('second'),
      SecretString: 'x',
      VersionStages: ['AWSPENDING'],
      RotationToken: 'f'.repeat(36),
    }),
  );
  await assert.rejects(put, { name: 'InvalidParameterException' });
});

test('finishSecret that does not promote fails the rotation', async () => {
  const it = await rotating();
  const good = template(it);
  it.functions.set(
    'rotate',
    onStep((event) => (event.Step === 'finishSecret' ? undefined : good(event))),
  );
  await it.rotate();
  await it.clock.advanceBy(0);
  assert.deepEqual(serviceEvents(it), ['RotationStarted', 'RotationFailed']);
});

test(
  'a function that fails after it promoted is called again while its version is pending, and once more ' +
    'is enough',
  async () => {
    const it = await rotating();
    const good = template(it);
    let crashes = 1;
    it.functions.set(
      'rotate',
      onStep(async (event) => {
        await good(event);
        if (event.Step === 'finishSecret' && crashes-- > 0) throw new Error('crashed');
      }),
    );
    await it.rotate();
    await it.clock.advanceBy(MINUTE);
    assert.deepEqual((await stagesOf(it, it.arn))[token('second')], ['AWSPENDING', 'AWSCURRENT']);
    await it.clock.advanceBy(DAY);
    assert.equal(it.invoked.length, 8);
    assert.deepEqual((await stagesOf(it, it.arn))[token('second')], ['AWSCURRENT']);
    assert.deepEqual(serviceEvents(it), [
      'RotationStarted',
      'RotationFailed',
      'RotationStarted',
      'RotationSucceeded',
    ]);
  },
);

test('clearing AWSPENDING by hand lets the next rotation in', async () => {
  const it = await rotating();
  it.functions.set('rotate', () => {
    throw new Error('down');
  });
  await it.rotate();
  await it.clock.advanceBy(DAY);
  await it.secrets.send(
    new UpdateSecretVersionStageCommand({
      SecretId: it.arn,
      VersionStage: 'AWSPENDING',
      RemoveFromVersionId: token('second'),
    }),
  );
  it.functions.set('rotate', template(it));
  await it.rotate('third');
  await it.clock.advanceBy(0);
  assert.deepEqual((await stagesOf(it, it.arn))[token('third')], ['AWSCURRENT']);
});

test('clearing AWSPENDING between two tries ends the rotation', async () => {
  const it = await rotating();
  it.functions.set('rotate', () => {
    throw new Error('down');
  });
  await it.rotate();
  await it.clock.advanceBy(SECOND);
  await it.secrets.send(
    new UpdateSecretVersionStageCommand({
      SecretId: it.arn,
      VersionStage: 'AWSPENDING',
      RemoveFromVersionId: token('second'),
    }),
  );
  await it.clock.advanceBy(DAY);
  assert.equal(it.invoked.length, 1);
});

test('RotateSecret under the token of a rotation under way, or done, changes nothing', async () => {
  const it = await rotating();
  await it.rotate();
  await it.rotate();
  await it.clock.advanceBy(0);
  await it.rotate();
  await it.clock.advanceBy(0);
  assert.equal(it.invoked.length, 4);
});

test('RotateImmediately false runs testSecret only, on a pending version that is gone after', async () => {
  const it = await rotating();
  const seen: Record<string, string[]>[] = [];
  it.functions.set('rotate', async () => void seen.push(await stagesOf(it, it.arn)));
  await it.secrets.send(
    new RotateSecretCommand({
      SecretId: it.arn,
      RotationLambdaARN: LAMBDA,
      RotateImmediately: false,
      ClientRequestToken: token('second'),
    }),
  );
  await it.clock.advanceBy(0);
  assert.deepEqual(steps(it), ['testSecret']);
  assert.deepEqual(seen, [{ [it.version]: ['AWSCURRENT'], [token('second')]: ['AWSPENDING'] }]);
  assert.deepEqual(await stagesOf(it, it.arn), { [it.version]: ['AWSCURRENT'] });
  assert.deepEqual(serviceEvents(it), ['TestRotationStarted', 'TestRotationSucceeded']);
});

test('a version made by hand during a rotation abandons it', async () => {
  const it = await rotating();
  it.functions.set('rotate', () => {
    throw new Error('down');
  });
  await it.rotate();
  await it.clock.advanceBy(SECOND);
  await it.secrets.send(
    new PutSecretValueCommand({
      SecretId: it.arn,
      SecretString: 'by hand',
      ClientRequestToken: token('hand'),
    }),
  );
  assert.deepEqual(await stagesOf(it, it.arn), {
    [it.version]: ['AWSPREVIOUS'],
    [token('hand')]: ['AWSCURRENT'],
  });
  assert.deepEqual(serviceEvents(it), ['RotationStarted', 'RotationFailed', 'RotationAbandoned']);
  await it.clock.advanceBy(DAY);
  assert.equal(it.invoked.length, 1);
});

test('a version made by hand while a step runs stops the steps after it', async () => {
  const it = await rotating();
  it.functions.set(
    'rotate',
    onStep(async () => {
      await it.clock.sleep(MINUTE);
    }),
  );
  await it.rotate();
  await it.clock.advanceBy(SECOND);
  await it.secrets.send(
    new PutSecretValueCommand({
      SecretId: it.arn,
      SecretString: 'by hand',
      ClientRequestToken: token('hand'),
    }),
  );
  await it.clock.advanceBy(DAY);
  assert.deepEqual(serviceEvents(it), ['RotationStarted', 'RotationAbandoned']);
  it.functions.set('rotate', template(it));
  await it.rotate('third');
  await it.clock.advanceBy(0);
  assert.deepEqual((await stagesOf(it, it.arn))[token('third')], ['AWSCURRENT']);
});

test('a rotation asked for by hand moves the next scheduled one', async () => {
  const it = await rotating();
  await it.secrets.send(
    new RotateSecretCommand({
      SecretId: it.arn,
      RotationLambdaARN: LAMBDA,
      RotationRules: { AutomaticallyAfterDays: 30 },
    }),
  );
  await it.clock.advanceBy(10 * DAY);
  await it.secrets.send(new RotateSecretCommand({ SecretId: it.arn }));
  await it.clock.advanceBy(0);
  const described = await it.secrets.send(new DescribeSecretCommand({ SecretId: it.arn }));
  assert.equal(described.NextRotationDate?.toISOString(), '2026-12-31T00:00:00.000Z');
});

test('CancelRotateSecret switches rotation off and can leave AWSPENDING', async () => {
  const it = await rotating();
  it.functions.set('rotate', () => {
    throw new Error('down');
  });
  await it.rotate();
  await it.clock.advanceBy(SECOND);
  await it.secrets.send(new CancelRotateSecretCommand({ SecretId: it.arn }));
  await it.clock.advanceBy(DAY);
  assert.equal(it.invoked.length, 1);
  const described = await it.secrets.send(new DescribeSecretCommand({ SecretId: it.arn }));
  assert.equal(described.RotationEnabled, false);
  assert.deepEqual(described.VersionIdsToStages?.[token('second')], ['AWSPENDING']);
});

test('RotateSecret says that there is no function, or that its policy refuses Secrets Manager', async () => {
  const it = await rotating();
  await assert.rejects(it.secrets.send(new RotateSecretCommand({ SecretId: it.arn })), {
    name: 'InvalidRequestException',
    message: 'No Lambda rotation function ARN is associated with this secret.',
  });
  it.aws.lambda.add({ name: 'closed' });
  const denied = it.secrets.send(
    new RotateSecretCommand({ SecretId: it.arn, RotationLambdaARN: LAMBDA.replace('rotate', 'closed') }),
  );
  await assert.rejects(denied, {
    name: 'AccessDeniedException',
    message:
      'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy ' +
      'grants access to the principal secretsmanager.amazonaws.com.',
  });
});

test('a schedule rotates again and again, counted from the last new value', async () => {
  const it = await rotating();
  await it.secrets.send(
    new RotateSecretCommand({
      SecretId: it.arn,
      RotationLambdaARN: LAMBDA,
      RotationRules: { AutomaticallyAfterDays: 30 },
    }),
  );
  await it.clock.advanceBy(0);
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const described = await it.secrets.send(new DescribeSecretCommand({ SecretId: it.arn }));
  assert.equal(described.NextRotationDate?.toISOString(), '2026-12-21T00:00:00.000Z');
  await it.clock.advanceBy(10 * DAY);
  await it.secrets.send(new PutSecretValueCommand({ SecretId: it.arn, SecretString: 'by hand' }));
  await it.clock.advanceBy(60 * DAY);
  const started = it.invoked
    .filter((call) => StepEvent.parse(call.payload).Step === 'createSecret')
    .map((call) => day(call.at));
  assert.deepEqual(started, ['2026-11-20', '2026-12-30', '2027-01-29']);
});

test('when every try of a window failed, the next window takes the same pending version up', async () => {
  const it = await rotating();
  it.functions.set('rotate', () => {
    throw new Error('down');
  });
  await it.secrets.send(
    new RotateSecretCommand({
      SecretId: it.arn,
      RotationLambdaARN: LAMBDA,
      ClientRequestToken: token('second'),
      RotationRules: { ScheduleExpression: 'cron(0 3 * * ? *)' },
    }),
  );
  await it.clock.advanceBy(HOUR);
  assert.equal(it.invoked.length, 3);
  it.functions.set('rotate', template(it));
  await it.clock.advanceBy(DAY);
  assert.deepEqual((await stagesOf(it, it.arn))[token('second')], ['AWSCURRENT']);
});

test('rules that Secrets Manager refuses are refused', async () => {
  const it = await rotating();
  for (const RotationRules of [
    { ScheduleExpression: 'rate(3 hours)' },
    { ScheduleExpression: 'cron(5 3 * * ? *)' },
    { ScheduleExpression: 'rate(5 days)', AutomaticallyAfterDays: 5 },
    { ScheduleExpression: 'soon' },
  ]) {
    await assert.rejects(
      it.secrets.send(
        new RotateSecretCommand({ SecretId: it.arn, RotationLambdaARN: LAMBDA, RotationRules }),
      ),
      /400|Invalid|rotate|minutes|either/,
    );
  }
});

test('a step may take time, and time waits for it', async () => {
  const it = await rotating();
  const good = template(it);
  it.functions.set('rotate', async (event) => {
    await it.clock.sleep(MINUTE);
    await good(event);
  });
  await it.rotate();
  await it.clock.advanceBy(3 * MINUTE);
  assert.deepEqual((await stagesOf(it, it.arn))[token('second')], ['AWSPENDING']);
  await it.clock.advanceBy(MINUTE);
  assert.deepEqual((await stagesOf(it, it.arn))[token('second')], ['AWSCURRENT']);
});
