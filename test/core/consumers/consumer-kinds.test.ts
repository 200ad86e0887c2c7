import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CONSUMER_KINDS,
  CONSUMER_RULES,
  isDelivered,
} from '../../../functions/core/consumers/consumer-kinds.ts';
import { parseConsumer } from '../../../functions/core/consumers/consumers.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';

function sentence(name: string, text: string): string {
  try {
    parseConsumer(name, text);
  } catch (error) {
    assert.ok(error instanceof KeyturnError && error.code === 'bad-request', String(error));
    return error.message;
  }
  return assert.fail(`accepted ${text}`);
}

describe('kinds of consumers', () => {
  it('may be put into a path as they are: no target climbs out of it', () => {
    for (const kind of CONSUMER_KINDS.options.filter((one) => one !== 'ack'))
      for (const part of ['..', '.', '../x', 'a/..', 'a/../b', '%2e%2e'])
        assert.notEqual(sentence('ci', `${kind}:${part}`), '');
  });

  it('that Keyturn delivers nothing to show their move by themselves', () => {
    assert.deepEqual(
      CONSUMER_KINDS.options.filter((kind) => !isDelivered(kind)),
      ['role', 'ack', 'service'],
    );
    for (const kind of CONSUMER_KINDS.options)
      if (!isDelivered(kind)) assert.equal(CONSUMER_RULES[kind].moves, false);
  });
});
