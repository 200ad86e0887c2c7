import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assessDeliveries } from '../../../functions/core/assessment/assess-deliveries.ts';
import { PROOF_WITHIN } from '../../../functions/core/delivery/deliveries.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

type Delivery = NonNullable<NonNullable<Token['consumers']>[number]['delivery']>;

function delivering(delivery: Partial<Delivery>): Token {
  return aToken({
    consumers: [
      {
        name: 'ci',
        kind: 'github',
        target: 'acme/billing:DEPLOY_TOKEN',
        delivery: { credentialId: 'v2', promotedAt: T0, state: 'sent', tries: 1, ...delivery },
      },
    ],
    credentials: [{ id: 'v2', versionId: 'v2', origin: 'minted', state: 'current', promotedAt: T0 }],
  });
}

function told(delivery: Partial<Delivery>, now: number): string[] {
  return assessDeliveries(delivering(delivery), now).map(({ kind, subject, severity, detail }) =>
    [kind, subject, severity, detail].join(' | '),
  );
}

describe('a value that does not reach its consumer', () => {
  it('is reported with the reason of the failure, without waiting', () =>
    assert.deepEqual(
      told(
        {
          state: 'failed',
          problem: { code: 'delivery-invalid', message: 'There is no such repository.', lasting: true },
        },
        T0,
      ),
      [
        'delivery-failed | ci | warning | The consumer ci (github:acme/billing:DEPLOY_TOKEN) has ' +
          'not received version v2: There is no such repository.',
      ],
    ));

  it('is reported when it was sent and nothing shows in time that it arrived', () => {
    assert.deepEqual(told({ sentAt: T0 }, T0 + PROOF_WITHIN - 1), []);
    assert.match(
      told({ sentAt: T0 }, T0 + PROOF_WITHIN).join(),
      /it was sent 2026-.* and nothing shows that it arrived\.$/,
    );
  });

  it('is not reported of a value that is no longer current', () =>
    assert.deepEqual(told({ credentialId: 'v1', state: 'failed' }, T0 + PROOF_WITHIN), []));
});
