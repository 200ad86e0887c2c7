import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withIssuers } from './sizes.ts';
import { ALL_SETTINGS, synthesised } from './synth.ts';

const FULL = synthesised(ALL_SETTINGS);

describe('the policies of queues', () => {
  it('are one for each queue, which has room for no second, and refuse plain connections', () => {
    const policies = FULL.of('AWS::SQS::QueuePolicy').map(([, one]) => one.Properties);
    for (const [id, queue] of FULL.of('AWS::SQS::Queue')) {
      const [policy, ...others] = policies.filter((one) =>
        one['Queues'].some((queueUrl: { Ref: string }) => queueUrl.Ref === id),
      );
      const name = FULL.text(queue.Properties['QueueName']);
      assert.deepEqual(others, [], name);
      const plain = policy?.['PolicyDocument'].Statement.find(
        (one: { Condition?: { Bool?: unknown } }) => one.Condition?.Bool !== undefined,
      );
      assert.ok(plain, name);
      const { Effect, Action, Principal, Condition } = plain;
      assert.deepEqual(
        [Effect, Action, Principal.AWS ?? Principal, Condition],
        ['Deny', 'sqs:*', '*', { Bool: { 'aws:SecureTransport': 'false' } }],
        name,
      );
    }
  });
});

describe('an issuer more', () => {
  it('is nine or ten resources, with its part of the alarms', () => {
    const [one, all] = [1, 25].map(
      (count) => Object.keys(withIssuers(count, { full: true }).resources).length,
    );
    const each = ((all ?? 0) - (one ?? 0)) / 24;
    assert.ok(each > 5 && each <= 9.6, String(each));
  });
});
