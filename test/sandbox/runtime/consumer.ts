import type { Principal } from '../../../lib/sandbox/aws/types.ts';

/** Who uses the token; the root user, whom nobody gets used to, has no business with it. */
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
