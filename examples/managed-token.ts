import { App, Stack } from 'aws-cdk-lib';
import { ManagedToken } from '../lib/infra/index.ts';

/**
 * Two tokens of a billing service, declared beside the service itself. Keyturn is deployed in the same
 * account and Region.
 */
export function billing(app: App): Stack {
  const stack = new Stack(app, 'billing');
  new ManagedToken(stack, 'DeployToken', {
    issuer: 'gitlab',
    owner: 'team-billing',
    purpose: 'pushes images of the billing service',
    secretName: 'billing/deploy-token',
    policy: { rotateEvery: '14d', maxAge: '60d', minGrace: '4h' },
    consumers: [{ name: 'api', kind: 'ecs', target: 'prod/billing-api' }],
  });
  new ManagedToken(stack, 'ReportsToken', {
    issuer: 'npm-registry',
    owner: 'team-billing',
    environment: 'staging',
    secretName: 'billing/reports-token',
  });
  return stack;
}
