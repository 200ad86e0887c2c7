import { ECSClient } from '@aws-sdk/client-ecs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ecsCourier } from '../../functions/adapters/ecs-courier.ts';
import { eventCourier } from '../../functions/adapters/event-courier.ts';
import { lambdaCourier } from '../../functions/adapters/lambda-courier.ts';
import { CONSUMER_KINDS, isDelivered } from '../../functions/core/consumers/consumer-kinds.ts';
import type { Courier } from '../../functions/core/delivery/courier.ts';
import { DELIVERY_DETAIL_TYPE } from '../../functions/core/findings/events.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { MINUTE } from '../../functions/core/basics/time.ts';
import { httpCouriers } from '../../functions/couriers/registry.ts';
import { createAws } from '../../lib/sandbox/aws/create-aws.ts';
import type { Aws } from '../../lib/sandbox/aws/aws.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { GithubSimulator } from '../../lib/sandbox/destinations/github.ts';
import { startDestinations, type Destination } from '../../lib/sandbox/destinations/index.ts';
import {
  CONTRACT_SECRET,
  CONTRACT_VALUE,
  courierContract,
  parcelFor,
  type CourierUnderTest,
} from '../contracts/courier.ts';
import { TARGET, targetWorld } from '../adapters/target-secrets.ts';

const START = Date.UTC(2026, 0, 5, 9);
const DISORDERS = {
  refused: () => Response.json({ message: 'canary' }, { status: 401 }),
  down: () => Response.json({ message: 'canary' }, { status: 503 }),
  throttled: () => Response.json({ message: 'canary' }, { status: 429, headers: { 'retry-after': '3600' } }),
};

function courierTo(destination: Destination, clock: VirtualClock, secretText?: string): Courier {
  const text =
    secretText ?? destination.deliverySecret([{ secret: CONTRACT_SECRET, target: destination.target }]);
  const tools = {
    now: () => clock.now(),
    sleep: async () => undefined,
    uuid: () => crypto.randomUUID(),
    fetch: (request: Request) => destination.fetch(request),
    destinations: async () => new Secret(text),
  };
  const found = httpCouriers(tools).find((one) => one.kind === destination.kind);
  return found ?? assert.fail(`no courier for ${destination.kind}`);
}

function httpCase(kind: string): CourierUnderTest {
  const clock = new VirtualClock(START);
  const destination = startDestinations(clock).find((one) => one.kind === kind) ?? assert.fail(kind);
  const disorder = (how: keyof typeof DISORDERS | undefined): void =>
    void Object.assign(destination, { disorder: how && DISORDERS[how] });
  return {
    courier: courierTo(destination, clock),
    target: destination.target,
    held: () => destination.held(),
    holds: kind === 'webhook' ? 'version' : 'value',
    disorder,
  };
}

function sandboxAws(invoke: Parameters<typeof createAws>[0]['invoke'] = async () => ({ payload: null })): {
  aws: Aws;
  clock: VirtualClock;
} {
  const clock = new VirtualClock(START);
  let serial = 0;
  return {
    clock,
    aws: createAws({
      clock,
      account: '111122223333',
      region: 'eu-west-1',
      uuid: () => `00000000-0000-4000-8000-${String(++serial).padStart(12, '0')}`,
      invoke,
    }),
  };
}

const ROOT = { kind: 'root' } as const;

async function ecsCase(): Promise<CourierUnderTest & { aws: Aws; clock: VirtualClock }> {
  const { aws, clock } = sandboxAws();
  let held: string | undefined;
  let promoted = 0;
  aws.ecs.add({
    cluster: 'prod',
    service: 'api',
    tasks: 2,
    onStart: () => void (held = promoted >= 3 * MINUTE ? 'v3' : 'v2'),
  });
  await clock.advanceBy(MINUTE);
  const real = ecsCourier(
    new ECSClient({ ...aws.clientConfig(ROOT), maxAttempts: 1 }),
    [{ secret: CONTRACT_SECRET, target: 'prod/api' }],
    () => clock.now(),
  );
  // The parcels of the contract are promoted in minutes after the start.
  const courier: Courier = {
    kind: 'ecs',
    carry: (parcel, value) => {
      promoted = parcel.promotedAt;
      return real.carry({ ...parcel, since: START + MINUTE + parcel.since }, value);
    },
  };
  return {
    aws,
    clock,
    courier,
    target: 'prod/api',
    held: async () => held,
    holds: 'version',
    settle: () => clock.advanceBy(3 * MINUTE),
  };
}

function lambdaCase(): CourierUnderTest {
  let held: string | undefined;
  const { aws, clock } = sandboxAws(async (_name, payload) => {
    held = (payload as { versionId: string }).versionId;
    return { payload: null };
  });
  aws.lambda.add({ name: 'billing-api' });
  const courier = lambdaCourier(new LambdaClient({ ...aws.clientConfig(ROOT), maxAttempts: 1 }), [
    { secret: CONTRACT_SECRET, target: 'billing-*' },
  ]);
  return {
    courier,
    target: 'billing-api',
    holds: 'version',
    held: async () => {
      await clock.advanceBy(1);
      return held;
    },
  };
}

function eventCase(): CourierUnderTest {
  const { aws } = sandboxAws();
  const seen: { detailType: string; versionId: string }[] = [];
  const client = new EventBridgeClient({ ...aws.clientConfig(ROOT), maxAttempts: 1 });
  client.middlewareStack.add(
    (next) => async (args) => {
      for (const entry of (args.input as { Entries: { DetailType: string; Detail: string }[] }).Entries)
        seen.push({ detailType: entry.DetailType, versionId: JSON.parse(entry.Detail).versionId });
      return next(args);
    },
    { step: 'initialize' },
  );
  aws.eventBridge.addBus('keyturn-main');
  return {
    courier: eventCourier(client, 'keyturn-main'),
    target: 'batch',
    held: async () => (seen.at(-1)?.detailType === DELIVERY_DETAIL_TYPE ? seen.at(-1)?.versionId : undefined),
    holds: 'version',
  };
}

for (const kind of ['github', 'gitlab-variable', 'kubernetes', 'webhook'])
  courierContract(kind, async () => httpCase(kind));
courierContract('ecs', ecsCase);
courierContract('lambda', async () => lambdaCase());
courierContract('secret', async () => {
  const world = await targetWorld({ SecretString: '{"GITLAB_TOKEN":""}' });
  const held = async () => JSON.parse((await world.text()) ?? '{}').GITLAB_TOKEN || undefined;
  return { courier: world.courier, target: TARGET, held, holds: 'value' };
});
courierContract('event', async () => eventCase());

it('every kind that is delivered to has a courier', () => {
  const made = [
    ...startDestinations(new VirtualClock(START)).map((one) => one.kind),
    'ecs',
    'lambda',
    'secret',
    'event',
  ];
  assert.deepEqual(made.toSorted(), CONSUMER_KINDS.options.filter(isDelivered).toSorted());
});

describe('GitHub', () => {
  it('opens what was sealed for it: a repository, an environment, any text', async () => {
    for (const target of ['acme/billing:DEPLOY_TOKEN', 'acme/billing/production:DEPLOY_TOKEN'])
      for (const value of [CONTRACT_VALUE, 'ü€𝄞 "quoted"\n', 'x'.repeat(48_000)]) {
        const clock = new VirtualClock(START);
        const github = new GithubSimulator(clock, target);
        await courierTo(github, clock).carry(
          parcelFor(target, { kind: 'github' }),
          async () => new Secret(value),
        );
        assert.equal(await github.held(), value);
      }
  });

  it('is waited for when it limits with 403', async () => {
    const one = httpCase('github');
    let answers = 0;
    const limited = (): Response | undefined =>
      answers++ === 0
        ? Response.json(
            {},
            {
              status: 403,
              headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(START / 1000 + 2) },
            },
          )
        : undefined;
    const clock = new VirtualClock(START);
    const github = new GithubSimulator(clock);
    Object.assign(github, { disorder: limited });
    assert.equal(
      (
        await courierTo(github, clock).carry(
          parcelFor(one.target, { kind: 'github' }),
          async () => new Secret('x'),
        )
      ).outcome,
      'proven',
    );
  });
});

describe('a delivery secret', () => {
  const github = new GithubSimulator(new VirtualClock(START));
  const carry = (text: string, target = github.target) =>
    courierTo(github, new VirtualClock(START), text).carry(
      parcelFor(target, { kind: 'github' }),
      async () => new Secret(CONTRACT_VALUE),
    );

  it('that is wrong names the field, and nothing of what it holds', async () => {
    const cases: [string, RegExp][] = [
      ['not json', /^The secret keyturn\/delivery\/github is not valid JSON\.$/],
      ['{"destinations":[]}', /The field destinations of the secret keyturn\/delivery\/github is wrong/],
      [
        JSON.stringify({ destinations: [{ token: 'CANARY', grants: [{ secret: '*', target: 'acme/*' }] }] }),
        /destinations\[0\]\.grants\[0\]\.secret/,
      ],
      [
        JSON.stringify({ destinations: [{ token: 'CANARY', grants: [{ secret: 'prod/*', target: '*' }] }] }),
        /destinations\[0\]\.grants\[0\]\.target/,
      ],
      [
        JSON.stringify({ destinations: [{ url: 'http://169.254.169.254', token: 'CANARY', grants: [] }] }),
        /destinations\[0\]\.url/,
      ],
    ];
    for (const [text, message] of cases)
      await assert.rejects(
        carry(text),
        (error) => error instanceof Error && message.test(error.message) && !error.message.includes('CANARY'),
      );
  });

  it('grants its targets and no others', async () => {
    const text = github.deliverySecret([{ secret: 'prod/billing/*', target: 'acme/billing:*' }]);
    for (const target of [
      'acme/billing-2:DEPLOY_TOKEN',
      'acme/other:DEPLOY_TOKEN',
      'evil/billing:DEPLOY_TOKEN',
    ])
      await assert.rejects(carry(text, target), {
        code: 'not-granted',
        message: /add a grant to the secret keyturn\/delivery\/github\.$/,
      });
    assert.equal((await carry(text)).outcome, 'proven');
  });

  it('with several destinations gives the one that is granted', async () => {
    const mine = { token: github.token, grants: [{ secret: CONTRACT_SECRET, target: 'acme/*' }] };
    const text = JSON.stringify({
      destinations: [{ token: 'another', grants: [{ secret: 'prod/x', target: 'acme/*' }] }, mine],
    });
    assert.equal((await carry(text)).outcome, 'proven');
  });

  const right = { token: github.token, grants: [{ secret: CONTRACT_SECRET, target: 'acme/*' }] };

  it('is read part by part: what is wrong elsewhere in it is no obstacle', async () => {
    const others: unknown[] = [
      'no object',
      {},
      { url: 'http://169.254.169.254', token: 'x', grants: [{ secret: 'prod/x', target: 'acme/*' }] },
      { token: 'x', grants: [{ secret: '*', target: 'acme/*' }] },
      { token: '', typo: 1, grants: [] },
    ];
    for (const other of others)
      for (const destinations of [
        [other, right],
        [right, other],
      ])
        assert.equal(
          (await carry(JSON.stringify({ destinations }))).outcome,
          'proven',
          JSON.stringify(other),
        );
    const grants = [{ secret: '*', target: 'acme/*' }, ...right.grants, { secret: 7 }];
    assert.equal((await carry(JSON.stringify({ destinations: [{ ...right, grants }] }))).outcome, 'proven');
  });

  it('whose destination for it is wrong is not passed over for a wider one', async () => {
    const text = JSON.stringify({ destinations: [{ ...right, url: 'http://169.254.169.254' }, right] });
    await assert.rejects(carry(text), { code: 'delivery-invalid', message: /destinations\[0\]\.url/ });
  });
});

describe('a destination that answers badly', () => {
  const answering = (kind: 'kubernetes' | 'webhook', disorder: () => Response): Promise<unknown> => {
    const clock = new VirtualClock(START);
    const made = startDestinations(clock).find((one) => one.kind === kind);
    assert.ok(made);
    Object.assign(made, { disorder });
    return courierTo(made, clock).carry(
      parcelFor(made.target, { kind }),
      async () => new Secret(CONTRACT_VALUE),
    );
  };

  it('gets no word of its own into an error', async () => {
    const encoded = Buffer.from(CONTRACT_VALUE).toString('base64');
    const echo = (): Response =>
      Response.json({ metadata: { resourceVersion: '1' }, data: { [encoded]: 7 } });
    await assert.rejects(
      answering('kubernetes', echo),
      (error) =>
        error instanceof Error &&
        /shows another value/.test(error.message) &&
        !error.message.includes(encoded),
    );
  });

  it('does not get the address of its webhook into one', async () => {
    await assert.rejects(
      answering('webhook', () => new Response('', { status: 404 })),
      (error) =>
        error instanceof Error &&
        /answered 404 to POST the webhook \S+\.$/.test(error.message) &&
        !error.message.includes('/keyturn'),
    );
  });
});

describe('an ECS service', () => {
  const parcel = (promotedAt: number) => parcelFor('prod/api', { kind: 'ecs', promotedAt });
  const none = (): Promise<Secret> => assert.fail('its value is not read');

  it('that was deployed since the promotion by somebody else is not deployed again', async () => {
    const { aws, clock, courier } = await ecsCase();
    await courier.carry(parcel(0), none);
    await courier.carry(parcel(0), none);
    assert.equal(aws.log.filter((one) => one.operation === 'UpdateService').length, 1);
    await clock.advanceBy(3 * MINUTE);
    assert.deepEqual((await courier.carry(parcel(0), none)).outcome, 'proven');
  });

  it('is deployed anew when a person asks, though it was since the promotion', async () => {
    const { aws, clock, courier } = await ecsCase();
    await courier.carry(parcel(0), none);
    await clock.advanceBy(3 * MINUTE);
    const again = { ...parcel(0), since: 2 * MINUTE };
    assert.equal((await courier.carry(again, none)).outcome, 'sent');
    assert.equal(aws.log.filter((one) => one.operation === 'UpdateService').length, 2);
    await clock.advanceBy(3 * MINUTE);
    assert.equal((await courier.carry(again, none)).outcome, 'proven');
  });

  it('whose deployment fails is reported, and confirmed once it was fixed', async () => {
    const { aws, clock, courier } = await ecsCase();
    aws.ecs.breakRollouts('prod', 'api', true);
    await courier.carry(parcel(0), none);
    await clock.advanceBy(3 * MINUTE);
    await assert.rejects(courier.carry(parcel(0), none), {
      code: 'delivery-unconfirmed',
      message: /^The ECS deployment ecs-svc\/\w+ of api failed: deploy it anew/,
    });
    aws.ecs.breakRollouts('prod', 'api', false);
    await aws.call({
      service: 'ecs',
      operation: 'UpdateService',
      input: { cluster: 'prod', service: 'api', forceNewDeployment: true },
      principal: ROOT,
    });
    await clock.advanceBy(3 * MINUTE);
    assert.equal((await courier.carry(parcel(0), none)).outcome, 'proven');
  });

  it('that is not there, or that ECS does not deploy itself, is said so', async () => {
    const { aws, clock } = sandboxAws();
    aws.ecs.add({ cluster: 'prod', service: 'blue', controller: 'CODE_DEPLOY' });
    const courier = ecsCourier(
      new ECSClient({ ...aws.clientConfig(ROOT), maxAttempts: 1 }),
      [
        { secret: CONTRACT_SECRET, target: 'prod/*' },
        { secret: CONTRACT_SECRET, target: 'dev/*' },
      ],
      () => clock.now(),
    );
    const to = (target: string) =>
      courier.carry(parcelFor(target, { kind: 'ecs', promotedAt: START + 1 }), none);
    await assert.rejects(to('prod/green'), {
      code: 'not-found',
      message: /no ECS service green in the cluster prod/,
    });
    await assert.rejects(to('dev/api'), { code: 'not-found' });
    await assert.rejects(to('prod/blue'), { code: 'bad-request', message: /is deployed by CODE_DEPLOY/ });
  });
});

describe('a function', () => {
  it('that is not there is said so', async () => {
    const { aws } = sandboxAws();
    const courier = lambdaCourier(new LambdaClient({ ...aws.clientConfig(ROOT), maxAttempts: 1 }), [
      { secret: CONTRACT_SECRET, target: 'billing-*' },
    ]);
    await assert.rejects(
      courier.carry(parcelFor('billing-gone', { kind: 'lambda' }), () => assert.fail()),
      { code: 'not-found' },
    );
  });
});
