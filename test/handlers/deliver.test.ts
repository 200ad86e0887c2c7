import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EVENT_SOURCE } from '../../functions/core/findings/events.ts';
import { parseEnv } from '../../functions/handlers/cold-start.ts';
import { handler } from '../../functions/handlers/deliver.ts';
import { DeliverEnv } from '../../functions/handlers/deliver.env.ts';
import { deliveryIn } from '../../functions/handlers/eventbridge-message.ts';
import { aFinding, aLifecycleFact } from '../fakes/tokens.ts';

const ENV = {
  KEYTURN_INSTALLATION: 'main',
  KEYTURN_ACCOUNT: '111122223333',
  AWS_REGION: 'eu-west-1',
  TABLE_NAME: 't',
  BUS_NAME: 'b',
  POLICY_DEFAULTS: '{}',
  DELIVERY_KINDS: 'ecs,github',
  ECS_GRANTS: '[{"secret":"prod/*","target":"prod/api"}]',
  LAMBDA_GRANTS: '[]',
  SECRET_GRANTS: '[]',
  DELIVERY_HOSTS: '',
};

describe('a message to deliver', () => {
  it('is a command of the sweep, taken as it is', () => {
    const command = { kind: 'deliver', tokenId: 't', notAfter: 5, consumer: 'ci' };
    assert.deepEqual(deliveryIn(JSON.stringify(command), 9), command);
  });

  it('or a promotion that the bus reports, of which only the token is taken', () => {
    const fact = aLifecycleFact({ what: 'rotated' });
    assert.deepEqual(deliveryIn(JSON.stringify({ source: EVENT_SOURCE, detail: fact }), 9), {
      kind: 'deliver',
      tokenId: fact.tokenId,
      notAfter: 9,
    });
  });

  it('and nothing else', () => {
    for (const body of [
      '{}',
      'x',
      JSON.stringify({ source: 'someone', detail: aLifecycleFact() }),
      JSON.stringify({ source: EVENT_SOURCE, detail: aFinding() }),
      JSON.stringify({ kind: 'deliver', tokenId: 't', notAfter: 5, target: 'evil' }),
    ])
      assert.throws(() => deliveryIn(body, 9), {
        code: 'bad-request',
        message: /^A message is no command to deliver/,
      });
  });
});

describe('the deliver function', () => {
  it('reads its grants from its environment, and names the variable that is wrong', () => {
    assert.deepEqual(parseEnv(DeliverEnv, ENV).ECS_GRANTS, [{ secret: 'prod/*', target: 'prod/api' }]);
    for (const [key, value] of [
      ['ECS_GRANTS', '[{"secret":"*","target":"a"}]'],
      ['LAMBDA_GRANTS', '{}'],
      ['SECRET_GRANTS', '[{"secret":"a","target":"*"}]'],
      ['DELIVERY_KINDS', 'jenkins'],
    ] as const)
      assert.throws(() => parseEnv(DeliverEnv, { ...ENV, [key]: value }), {
        message: new RegExp(`^The environment variable ${key} is wrong`),
      });
  });

  it('works off its queue only', async () => {
    const before = { ...process.env };
    Object.assign(process.env, ENV);
    try {
      await assert.rejects(handler({ source: 'someone' }, { getRemainingTimeInMillis: () => 300_000 }), {
        code: 'bad-request',
      });
    } finally {
      for (const key of Object.keys(ENV)) delete process.env[key];
      Object.assign(process.env, before);
    }
  });
});
