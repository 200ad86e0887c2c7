import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { Notice } from '../../../functions/core/alerts/notices.ts';
import { dedupKey, signed } from '../../../functions/core/alerts/origin.ts';
import { alertMessage } from '../../../functions/use-cases/alerts/alert.ts';
import { recordingTopic } from '../../fakes/recorders.ts';
import { CONTEXT, HERE } from '../../fakes/steps.ts';
import { aFinding } from '../../fakes/tokens.ts';

const origins = fc.record({
  account: fc.constantFrom('111122223333', '444455556666'),
  region: fc.constantFrom('eu-west-1', 'us-east-1'),
  name: fc.constantFrom('main', 'staging'),
});

describe('where alerts come from', () => {
  it('is in each key: two installations share none, whatever it is about', () => {
    fc.assert(
      fc.property(
        origins,
        origins,
        fc.constantFrom('prod/x-AbC123/token-expired', 'alarm/keyturn-main-sweep-silent'),
        (one, other, about) => {
          const isSame =
            one.account === other.account && one.region === other.region && one.name === other.name;
          assert.equal(dedupKey(one, about) === dedupKey(other, about), isSame);
          assert.ok(dedupKey(one, about).startsWith(`keyturn/${one.account}/${one.region}/${one.name}/`));
        },
      ),
    );
  });

  it('is in the first line for people, and in the body for machines', async () => {
    const topic = recordingTopic();
    await signed(topic, HERE).publish(alertMessage(aFinding(), CONTEXT));
    const [message] = topic.messages;
    assert.match(
      message?.text ?? '',
      /^Keyturn main in account 111122223333, eu-west-1: Token expires soon\.\n/,
    );
    assert.deepEqual(message?.body, Notice.parse({ ...aFinding(), installation: HERE }));
  });
});
