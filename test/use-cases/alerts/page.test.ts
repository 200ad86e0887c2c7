import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyturnError, isRetryable } from '../../../functions/core/basics/errors.ts';
import { Secret } from '../../../functions/core/basics/secret.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { AlarmNotice } from '../../../functions/core/alerts/alarm.ts';
import { pageAlarm, pageNotice, type PagePorts } from '../../../functions/use-cases/alerts/page.ts';
import type { FindingFact } from '../../../functions/core/findings/events.ts';
import { pagerEvent } from '../../../functions/core/alerts/page-event.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { recordingLog, type RecordingLog } from '../../fakes/recorders.ts';
import { CONTEXT, onRecord } from '../../fakes/steps.ts';
import { T0, aFinding } from '../../fakes/tokens.ts';

const KEY = 'c4naryc4naryc4naryc4naryc4naryc4';
const URL = 'https://events.pagerduty.com/v2/enqueue';

interface Pager {
  readonly sent: { url: string; body: unknown }[];
  readonly log: RecordingLog;
  readonly inventory: MemoryInventory;
  readonly ports: PagePorts;
  /** The record has the step, and the topic tells it. */
  readonly page: (fact: FindingFact) => Promise<void>;
  readonly pageAlarm: (change: object) => Promise<void>;
}

function portsWith(
  fetch: PagePorts['fetch'],
  secret = KEY,
): PagePorts & { inventory: MemoryInventory; ledger: MemoryInventory; log: RecordingLog } {
  const inventory = new MemoryInventory();
  return {
    fetch,
    inventory,
    ledger: inventory,
    ...CONTEXT,
    log: recordingLog(),
    now: () => T0 + HOUR,
    url: URL,
    routingSecret: async () => new Secret(secret),
  };
}

function pager(status: number, secret = KEY): Pager {
  const sent: Pager['sent'] = [];
  const fetch = async (request: Request): Promise<Response> => {
    sent.push({ url: request.url, body: await request.json() });
    return new Response(`{"message":"${KEY} is bad"}`, { status });
  };
  const { inventory, log, ...rest } = portsWith(fetch, secret);
  const ports = { ...rest, inventory, log };
  return {
    sent,
    inventory,
    log,
    ports,
    page: async (fact) => pageNotice(await onRecord(inventory, fact), ports),
    pageAlarm: (change) => pageAlarm(AlarmNotice.parse({ ...ALARM, ...change }), ports),
  };
}

/** As CloudWatch sends it (user guide, "Notifying users on alarm changes"), shortened. */
const ALARM = {
  AlarmName: 'keyturn-main-sweep-silent',
  AlarmDescription: 'The sweep does not run. Impact: no person is warned.',
  AWSAccountId: '111122223333',
  NewStateValue: 'ALARM',
  NewStateReason: 'Threshold Crossed: no datapoints were received.',
  StateChangeTime: '2026-01-05T09:00:00.000+0000',
  Region: 'EU (Frankfurt)',
  OldStateValue: 'OK',
  Trigger: { MetricName: 'Invocations' },
};

async function failure(run: Promise<void>): Promise<KeyturnError> {
  const error = await run.then(
    () => assert.fail('it should have failed'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof KeyturnError);
  assert.doesNotMatch(`${error.stack} ${String(error.cause)}`, /c4nary/);
  return error;
}

describe('page', () => {
  it('opens an incident', async () => {
    const { sent, page } = pager(202);
    await page(aFinding());
    assert.deepEqual(sent, [
      {
        url: URL,
        body: {
          routing_key: KEY,
          event_action: 'trigger',
          dedup_key: 'keyturn/111122223333/eu-west-1/main/prod/billing/ci-AbC123/token-expiring',
          payload: {
            summary:
              'Token expires soon: prod/billing/ci (gitlab, production) at Keyturn main in account ' +
              '111122223333, eu-west-1',
            source: 'prod/billing/ci',
            severity: 'critical',
            timestamp: '2026-01-05T09:00:00.000Z',
            component: 'gitlab',
            group: 'production',
            class: 'token-expiring',
            custom_details: {
              detail: 'It expires on 2026-01-08 and was not rotated.',
              impact: 'When it expires, the issuer rejects every consumer of this token.',
              action:
                'Find out why it was not rotated (other findings of this token say), then run `keyturn ' +
                'rotate`.',
              'look first': 'npx --no keyturn show prod/billing/ci --installation main --region eu-west-1',
              'then run': 'npx --no keyturn rotate prod/billing/ci --installation main --region eu-west-1',
              runbook: 'docs/runbook.md#runbook-token-expiring',
              owner: 'team-billing',
              account: '111122223333',
              region: 'eu-west-1',
              installation: 'main',
            },
          },
          links: [
            {
              href: 'https://eu-west-1.console.aws.amazon.com/secretsmanager/secret?name=prod%2Fbilling%2Fci',
              text: 'The secret in the AWS console',
            },
          ],
        },
      },
    ]);
  });

  it('pages no person for what is not critical', async () => {
    const { sent, page } = pager(202);
    await page(aFinding({ severity: 'warning' }));
    assert.deepEqual(sent, []);
  });

  it('resolves the incident it opened', async () => {
    const { sent, page } = pager(202, `{"routingKey": "${KEY}"}`);
    await page(aFinding({ change: 'resolved', sequence: 2 }));
    assert.deepEqual(
      sent.map(({ body }) => body),
      [
        {
          routing_key: KEY,
          event_action: 'resolve',
          dedup_key: pagerEvent(aFinding(), CONTEXT)['dedup_key'],
        },
      ],
    );
  });

  it('sends each step once, and none that is older than one it sent', async () => {
    const { sent, page } = pager(202);
    await page(aFinding({ change: 'resolved', sequence: 2 }));
    await page(aFinding({ change: 'resolved', sequence: 1 }));
    await page(aFinding({ change: 'resolved', sequence: 2 }));
    assert.equal(sent.length, 1);
    await page(aFinding({ change: 'opened', sequence: 3 }));
    assert.equal(sent.length, 2);
  });

  it('sends a step again that PagerDuty did not take', async () => {
    const { sent, page } = pager(503);
    await failure(page(aFinding()));
    await failure(page(aFinding()));
    assert.equal(sent.length, 2);
  });

  for (const status of [429, 500, 503]) {
    it(`is repeated after ${status}`, async () => {
      assert.equal(isRetryable(await failure(pager(status).page(aFinding()))), true);
    });
  }

  for (const status of [200, 302, 400, 403]) {
    it(`takes ${status} as a refusal that does not pass`, async () => {
      const error = await failure(pager(status).page(aFinding()));
      assert.equal(isRetryable(error), false);
      assert.match(error.message, new RegExp(`answered ${status}`));
    });
  }

  it('says that PagerDuty could not be reached, and not why in words of the runtime', async () => {
    const fetch = (): Promise<Response> => Promise.reject(new Error(`cannot send ${KEY}`));
    const ports = portsWith(fetch);
    const error = await failure(pageNotice(await onRecord(ports.inventory, aFinding()), ports));
    assert.equal(error.message, 'PagerDuty could not be reached.');
    assert.equal(isRetryable(error), true);
  });

  for (const secret of [
    '',
    'c4nary-too-short',
    '{"routingKey": 7, "c4nary": 1}',
    `{"other": "${KEY}"}`,
    `{broken ${KEY}`,
  ]) {
    it(`refuses a secret without a routing key: ${secret.slice(0, 12)}`, async () => {
      const { sent, page } = pager(202, secret);
      const error = await failure(page(aFinding()));
      assert.match(error.message, /store the 32 characters/);
      assert.deepEqual(sent, []);
    });
  }

  it('keeps long dedup keys apart within the length PagerDuty takes', () => {
    const keys = ['a', 'b'].map(
      (end) => pagerEvent(aFinding({ tokenId: 'x'.repeat(400) + end }), CONTEXT)['dedup_key'],
    );
    assert.notEqual(keys[0], keys[1]);
    for (const key of keys) assert.equal(String(key).length, 255);
  });
});

describe('a notice of the topic', () => {
  it('rings again for each reminder, and for no digest', async () => {
    const sent: unknown[] = [];
    const fetch = async (request: Request): Promise<Response> => {
      sent.push(Object(await request.json())['event_action']);
      return new Response('', { status: 202 });
    };
    const ports = portsWith(fetch);
    const finding = await onRecord(ports.inventory, aFinding());
    await ports.ledger.wait(
      'reminder',
      {
        key: 'prod/billing/ci-AbC123/token-expiring',
        dueAt: T0,
        first: { sequence: finding.sequence, change: 'opened' },
        finding,
        steps: 1,
      },
      undefined,
    );
    const reminder = { type: 'reminder', id: 'r', at: 0, step: 1, finding } as const;
    for (const notice of [finding, reminder, reminder, { ...reminder, step: 2 }])
      await pageNotice(notice, ports);
    await pageNotice(
      {
        type: 'digest',
        id: 'd',
        at: 0,
        owner: 'o',
        open: [aFinding()],
        over: [],
        passed: [],
        counts: { open: 1, over: 0, passed: 0 },
      },
      ports,
    );
    assert.deepEqual(sent, ['trigger', 'trigger', 'trigger']);
  });
});

describe('an alarm of CloudWatch', () => {
  it('opens an incident when it fires and resolves it when it is over', async () => {
    const { sent, pageAlarm } = pager(202);
    await pageAlarm({});
    await pageAlarm({ NewStateValue: 'OK', StateChangeTime: '2026-01-05T09:20:00.000+0000' });
    const dedup_key = 'keyturn/111122223333/eu-west-1/main/alarm/keyturn-main-sweep-silent';
    assert.deepEqual(
      sent.map(({ body }) => body),
      [
        {
          routing_key: KEY,
          event_action: 'trigger',
          dedup_key,
          payload: {
            summary:
              'Alarm keyturn-main-sweep-silent at Keyturn main in account 111122223333, eu-west-1: The ' +
              'sweep does not run. Impact: no person is warned.',
            source: 'keyturn-main-sweep-silent',
            severity: 'critical',
            timestamp: '2026-01-05T09:00:00.000Z',
            component: 'cloudwatch',
            class: 'alarm',
            custom_details: {
              reason: 'Threshold Crossed: no datapoints were received.',
              'look first': 'npx --no keyturn doctor --installation main --region eu-west-1',
              account: '111122223333',
              region: 'eu-west-1',
              installation: 'main',
            },
          },
        },
        { routing_key: KEY, event_action: 'resolve', dedup_key },
      ],
    );
  });

  it('that fires late, after it was over, opens nothing', async () => {
    const { sent, pageAlarm } = pager(202);
    await pageAlarm({ NewStateValue: 'OK', StateChangeTime: '2026-01-05T09:20:00.000+0000' });
    await pageAlarm({});
    await pageAlarm({ NewStateValue: 'INSUFFICIENT_DATA', StateChangeTime: '2026-01-05T09:30:00.000+0000' });
    assert.equal(sent.length, 1);
  });
});
