import assert from 'node:assert/strict';
import { it } from 'node:test';
import { wordOf } from '../../../functions/core/delivery/courier.ts';
import { parcelFor } from '../../contracts/courier.ts';

it('a word names secret, version and delivery, and holds no value', () => {
  assert.deepEqual(wordOf(parcelFor('billing', { kind: 'webhook' })), {
    source: 'keyturn',
    type: 'token-replaced',
    delivery: 'd0000000-0000-8000-8000-000000000001',
    token: 'prod/billing/gitlab-AbC123',
    secret: 'prod/billing/gitlab',
    secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/billing/gitlab-AbC123',
    versionId: 'v2',
    consumer: 'x',
    target: 'billing',
    promotedAt: '1970-01-01T00:00:00Z',
  });
});
