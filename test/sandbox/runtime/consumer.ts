import type { Principal } from '../../../lib/sandbox/aws/types.ts';

/** Who uses the token; the root user, which is never a known reader, has no business with it. */
export const CONSUMER: Principal = {
  kind: 'role',
  name: 'billing-api',
  session: 'i-1',
  policies: [
    {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*' }],
    },
  ],
};
