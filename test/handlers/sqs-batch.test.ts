import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { Command } from '../../functions/core/commands/commands.ts';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import {
  canaryIn,
  factIn,
  healthEventIn,
  relabelledSecretIn,
} from '../../functions/handlers/eventbridge-message.ts';
import { parseMessage } from '../../functions/handlers/message.ts';
import { reported } from '../../functions/handlers/report.ts';
import { isSqsEvent, workOff, workOffTogether } from '../../functions/handlers/sqs-batch.ts';
import { recordingLog } from '../fakes/recorders.ts';
import { aFinding, aLifecycleFact } from '../fakes/tokens.ts';

const CANARY = { type: 'canary', id: '4f8b1c', at: 1 } as const;

function batch(...bodies: string[]): object {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `m${index}`,
      body,
      attributes: { SenderId: `sender-${index}` },
      eventSource: 'aws:sqs',
    })),
  };
}

describe('a batch of messages', () => {
  it('is worked off one after the other, and only what failed comes again', async () => {
    const log = recordingLog();
    const order: string[] = [];
    const answer = await workOff(batch('a', 'b', 'c'), log, async ({ body, origin }) => {
      order.push(`start ${body} ${origin.senderId}`);
      await Promise.resolve();
      order.push(`end ${body}`);
      if (body === 'b') throw new KeyturnError('conflict', 'Changed by another run.');
    });
    assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: 'm1' }] });
    assert.deepEqual(order, [
      'start a sender-0',
      'end a',
      'start b sender-1',
      'end b',
      'start c sender-2',
      'end c',
    ]);
    assert.equal(log.lines.length, 1);
    assert.match(log.lines[0] ?? '', /"code":"conflict"/);
  });

  it('of which every message failed is a failure of the function, told in numbers', async () => {
    for (const [bodies, message] of [
      [['a'], '1 message could not be worked off: see the log.'],
      [['a', 'b'], '2 messages could not be worked off: see the log.'],
    ] as const) {
      const log = recordingLog();
      const work = reported(log, () =>
        workOff(batch(...bodies), log, () => Promise.reject(new KeyturnError('conflict', 'canary-5f1d'))),
      );
      await assert.rejects(work, (error) => {
        assert.ok(error instanceof Error);
        assert.equal(error.message, message);
        assert.doesNotMatch(inspect(error, { depth: 5, showHidden: true }), /canary/);
        return true;
      });
      assert.equal(log.lines.length, bodies.length, 'one line a message, and none for their sum');
    }
  });

  it('without messages is no failure', async () => {
    assert.deepEqual(await workOff(batch(), recordingLog(), () => assert.fail('called')), {
      batchItemFailures: [],
    });
  });

  it('says nothing of an error that is not ours but where it came from', async () => {
    const log = recordingLog();
    await workOff(batch('{"value": canary-5f1d}', '1'), log, async ({ body }) => void JSON.parse(body));
    assert.match(log.lines.join(), /SyntaxError.*sqs-batch\.test\.ts/);
    assert.doesNotMatch(log.lines.join(), /canary/);
  });

  it('worked off together gives back what could not be read, and what the work names', async () => {
    const log = recordingLog();
    const read = (body: string): number => {
      if (body === 'canary-5f1d') throw new SyntaxError(body);
      return Number(body);
    };
    const answer = await workOffTogether(batch('1', 'canary-5f1d', '3', '4'), log, {
      read,
      work: async (numbers) => new Set(numbers.flatMap((one, place) => (one === 4 ? [place] : []))),
    });
    assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm3' }] });
    assert.doesNotMatch(log.lines.join(), /canary/);
    await assert.rejects(workOffTogether(batch('canary-5f1d'), log, { read, work: async () => new Set() }), {
      message: '1 message could not be worked off: see the log.',
    });
    await assert.rejects(workOffTogether({}, log, { read, work: async () => new Set() }), {
      code: 'bad-request',
    });
  });

  it('is told from other events', async () => {
    assert.equal(isSqsEvent(batch('a')), true);
    for (const event of [{}, undefined, { Records: [{ Sns: {} }] }]) {
      assert.equal(isSqsEvent(event), false);
      await assert.rejects(
        workOff(event, recordingLog(), async () => undefined),
        { code: 'bad-request' },
      );
    }
  });
});

describe('a message', () => {
  it('is read by its schema', () => {
    const command = { kind: 'settle', tokenId: 't', attemptId: 'a', notAfter: 1 };
    assert.deepEqual(parseMessage(Command, JSON.stringify(command), 'command'), command);
  });

  for (const body of [
    'canary-5f1d',
    '{"kind":"canary-5f1d"}',
    '{"kind":"rotate","tokenId":"t","notAfter":"canary-5f1d"}',
    '{"kind":"rotate","tokenId":"t","notAfter":1,"canary-5f1d":1}',
  ]) {
    it(`that is no command is refused and not shown: ${body.length} characters`, () => {
      assert.throws(
        () => parseMessage(Command, body, 'command'),
        (error) => {
          assert.ok(error instanceof KeyturnError);
          assert.equal(error.code, 'bad-request');
          assert.doesNotMatch(`${error.stack} ${String(error.cause)}`, /canary/);
          return true;
        },
      );
    });
  }

  it('from the bus holds a fact of ours', () => {
    for (const fact of [aFinding(), aLifecycleFact(), CANARY])
      assert.deepEqual(
        factIn(JSON.stringify({ version: '0', source: 'keyturn', 'detail-type': 'x', detail: fact })),
        fact,
      );
    assert.throws(() => factIn(JSON.stringify({ source: 'somebody', detail: aFinding() })), {
      code: 'bad-request',
      message: /"source"/,
    });
  });

  it('from the topic of canaries holds one, and nothing else is one', () => {
    assert.deepEqual(canaryIn(JSON.stringify(CANARY)), CANARY);
    for (const other of [
      '',
      '{}',
      JSON.stringify({ source: 'keyturn', detail: CANARY }),
      JSON.stringify({ ...CANARY, id: 7 }),
      JSON.stringify(aFinding()),
    ])
      assert.equal(canaryIn(other), undefined);
  });

  it('of Secrets Manager names the secret whose label moved', () => {
    // Source: AWS Secrets Manager User Guide, "Secret event notifications".
    const arn = 'arn:aws:secretsmanager:us-west-2:012345678901:secret:mySecret-a1b2c3';
    const event = (labelUpdated: string): string =>
      JSON.stringify({
        version: '0',
        'detail-type': 'Secret Label Updated',
        source: 'aws.secretsmanager',
        resources: [arn],
        detail: { name: 'mySecret', labelUpdated, versionId: 'v' },
      });
    assert.equal(relabelledSecretIn(event('AWSCURRENT')), arn);
    assert.equal(relabelledSecretIn(event('keyturn-pin-v')), undefined);
    assert.throws(() => relabelledSecretIn('{}'), { code: 'bad-request' });
  });

  it('about health names an alarm, or a signal and its time', () => {
    const alarm = {
      'detail-type': 'CloudWatch Alarm State Change',
      source: 'aws.cloudwatch',
      detail: { alarmName: 'checkout 5xx', state: { value: 'ALARM' } },
    };
    assert.deepEqual(healthEventIn(JSON.stringify(alarm)), { kind: 'alarm', name: 'checkout 5xx' });
    assert.throws(() => healthEventIn(JSON.stringify({ ...alarm, source: 'somebody' })), {
      code: 'bad-request',
    });
    const signal = {
      'detail-type': 'Keyturn Health Signal',
      source: 'acme.checkout',
      time: '2026-01-05T09:00:00Z',
      detail: { signal: 'checkout-slow', state: 'ALARM' },
    };
    assert.deepEqual(healthEventIn(JSON.stringify(signal)), {
      kind: 'custom',
      signal: 'checkout-slow',
      at: Date.UTC(2026, 0, 5, 9),
    });
    assert.throws(
      () => healthEventIn(JSON.stringify({ ...signal, detail: { signal: 'checkout-slow', state: 'OK' } })),
      { code: 'bad-request' },
    );
  });
});
