import * as z from 'zod';
import type { Instant } from '../time.ts';

const Text = z.string().max(2_048);

const Identity = z.object({
  type: Text.nullish(),
  principalId: Text.nullish(),
  arn: Text.nullish(),
  accountId: Text.nullish(),
  invokedBy: Text.nullish(),
  sessionContext: z.object({ sessionIssuer: z.object({ arn: Text.nullish() }).nullish() }).nullish(),
  inScopeOf: z.object({ issuerType: Text.nullish(), credentialsIssuedTo: Text.nullish(), sourceArn: Text.nullish() }).nullish(),
});
export type Identity = z.infer<typeof Identity>;

const Parameters = z.object({
  secretId: Text.nullish(),
  secretIdList: z.array(Text).max(100).nullish(),
  versionId: Text.nullish(),
  versionStage: Text.nullish(),
  keyId: Text.nullish(),
  rotationLambdaARN: Text.nullish(),
});

/**
 * A call as CloudTrail tells it over EventBridge, with the fields that are used and no other; it never holds a secret's value.
 * A later minor version adds fields, so the major one decides. Source: AWS CloudTrail User Guide, "CloudTrail record contents" and "userIdentity element".
 */
export const TrailEvent = z.object({
  'detail-type': z.literal('AWS API Call via CloudTrail'),
  detail: z.object({
    eventVersion: z.string().regex(/^1\.\d+$/),
    userIdentity: Identity,
    eventTime: z.iso.datetime({ offset: true }).transform((text): Instant => Date.parse(text)),
    eventSource: Text,
    eventName: Text,
    awsRegion: Text,
    sourceIPAddress: Text.nullish(),
    userAgent: z.string().nullish(),
    errorCode: Text.nullish(),
    requestParameters: Parameters.nullish(),
    eventID: Text,
    /** The same in both accounts' copies of a call from one account into another. */
    sharedEventID: Text.nullish(),
    recipientAccountId: Text,
    vpcEndpointId: Text.nullish(),
  }),
});
export type TrailEvent = z.infer<typeof TrailEvent>;
