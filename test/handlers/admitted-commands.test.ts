import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { admitted } from '../../functions/handlers/admitted-commands.ts';
import { recordingLog } from '../fakes/recorders.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:keyturn-main-worker-gitlab';
const RULES = {
  queueArn: QUEUE,
  roles: {
    router: 'AROA1',
    sweep: 'AROA2',
    reconcile: 'AROA3',
    rotate: 'AROA4',
    leaks: 'AROA5',
    health: 'AROA6',
  },
};
const END = { kind: 'end', how: 'detach', tokenId: 't', notAfter: 1 } as const;

function message(
  body: object | string,
  senderId: string,
  isRedriven = false,
): Parameters<typeof admitted>[0] {
  return {
    body: typeof body === 'string' ? body : JSON.stringify(body),
    origin: { queueArn: QUEUE, senderId, isRedriven },
  };
}

describe('a message to a worker function', () => {
  it('is carried out on the word of who sent it, or of whom the router names', () => {
    const settle = { kind: 'settle', tokenId: 't', attemptId: 'a', notAfter: 1 };
    const sweep = admitted(message(settle, 'AROA2:keyturn-main-sweep'), RULES, recordingLog());
    assert.deepEqual([sweep?.command, sweep?.by], [settle, 'AROA2:keyturn-main-sweep']);
    const person = admitted(
      message({ command: END, requestedBy: 'AIDAUSER' }, 'AROA1:keyturn-main-router'),
      RULES,
      recordingLog(),
    );
    assert.deepEqual([person?.command, person?.by], [END, 'AIDAUSER']);
  });

  it('that a function of Keyturn never has to send fails, so that its dead-letter queue tells people', () => {
    assert.throws(() => admitted(message(END, 'AROA4:keyturn-main-rotate-gitlab'), RULES, recordingLog()), {
      code: 'bad-request',
      message: 'The function rotate asked for "end", which it never has to: see who else can use its role.',
    });
    assert.throws(
      () => admitted(message({ command: END, requestedBy: 'AIDAUSER' }, 'AROA2:s'), RULES, recordingLog()),
      { code: 'bad-request' },
    );
  });

  it('of an unknown sender, or moved back, is dropped with a line in the log', () => {
    for (const one of [message(END, 'AROAX:ci'), message(END, 'AROA1:keyturn-main-router', true)]) {
      const log = recordingLog();
      assert.equal(admitted(one, RULES, log), undefined);
      assert.match(log.lines.join(), /unknown sender.*"kind":"end"/);
    }
  });

  it('that is none is refused, and not shown', () => {
    for (const body of [
      'canary-5f1d',
      '{"command":{"kind":"canary-5f1d"},"requestedBy":"x"}',
      '{"kind":"canary-5f1d"}',
    ])
      assert.throws(
        () => admitted(message(body, 'AROA1:r'), RULES, recordingLog()),
        (error) => error instanceof Error && !error.message.includes('canary'),
      );
  });
});
