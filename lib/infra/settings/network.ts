// Other networks, accounts and Regions that an installation works with.
import * as z from 'zod';
import { text } from './notation.ts';

/**
 * Where functions that talk to issuers run, for issuers inside a private network. The subnets need a way to
 * AWS: NAT or VPC endpoints.
 */
export const Vpc = z.strictObject({
  subnetIds: z
    .array(text(/^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/, 'write the id of a subnet, like subnet-0a1b2c3d'))
    .min(1, 'is empty: name at least one subnet'),
  securityGroupIds: z
    .array(text(/^sg-([0-9a-f]{8}|[0-9a-f]{17})$/, 'write the id of a security group, like sg-0a1b2c3d'))
    .min(1, 'is empty: name at least one security group'),
});

/** Tokens that follow tokens of other accounts or Regions. */
export const Staging = z.strictObject({
  /**
   * Buses of other installations, which are told what becomes of the tokens here; a rule has five targets at
   * most.
   */
  forwardTo: z
    .array(
      text(
        /^arn:[a-z-]+:events:[a-z0-9-]+:\d{12}:event-bus\/keyturn-[a-z0-9-]+$/,
        'write the ARN of a bus of Keyturn, like ' +
          'arn:aws:events:eu-central-1:111122223333:event-bus/keyturn-main',
      ),
    )
    .max(5, 'names more than five buses: one rule of EventBridge has no more targets')
    .default([]),
  /** Accounts whose installations may tell this one what becomes of their tokens. */
  acceptFrom: z.array(text(/^\d{12}$/, 'write the twelve digits of an account')).default([]),
});
