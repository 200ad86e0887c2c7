import * as z from 'zod';
import type { Instant } from '../basics/time.ts';

const Text = z.string().max(2_048);
const Texts = z.array(Text).max(1_000);

/**
 * A field that may be absent, and of which nothing is known if it is not as documented: it never costs the
 * event.
 */
function optional<T extends z.ZodType>(schema: T): z.ZodCatch<z.ZodOptional<z.ZodNullable<T>>> {
  return schema.nullish().catch(undefined);
}

/**
 * That something was given, and no more of it: a value never gets past this line, should an event hold one.
 */
const Given = z.unknown().transform((given) => given !== undefined && given !== null);

const Identity = z.object({
  type: optional(Text),
  principalId: optional(Text),
  arn: optional(Text),
  accountId: optional(Text),
  userName: optional(Text),
  /** Of SAMLUser and WebIdentityUser. */
  identityProvider: optional(Text),
  invokedBy: optional(Text),
  sessionContext: optional(
    z.object({
      sessionIssuer: optional(z.object({ type: optional(Text), arn: optional(Text) })),
      /**
       * The person behind the session, as an identity provider set it; it stays the same when one role
       * assumes another.
       */
      sourceIdentity: optional(Text),
    }),
  ),
  /** The person of IAM Identity Center for whom the call was made. */
  onBehalfOf: optional(z.object({ userId: optional(Text) })),
  inScopeOf: optional(z.object({ issuerType: optional(Text), credentialsIssuedTo: optional(Text) })),
});
export type Identity = z.infer<typeof Identity>;

const Tag = z.object({ key: optional(Text), value: optional(Text) });
const Replica = z.object({ region: optional(Text), kmsKeyId: optional(Text) });
const Filter = z.object({ key: optional(Text), values: optional(Texts) });

const Parameters = z.object({
  secretId: optional(Text),
  secretIdList: optional(Texts),
  filters: optional(z.array(Filter)),
  versionId: optional(Text),
  versionStage: optional(Text),
  versionStages: optional(Texts),
  moveToVersionId: optional(Text),
  secretString: Given.optional(),
  secretBinary: Given.optional(),
  description: Given.optional(),
  kmsKeyId: optional(Text),
  keyId: optional(Text),
  rotationLambdaARN: optional(Text),
  forceDeleteWithoutRecovery: optional(z.union([z.boolean(), z.literal('true').transform(() => true)])),
  recoveryWindowInDays: optional(z.coerce.number()),
  tags: optional(z.array(Tag)),
  tagKeys: optional(Texts),
  resourcePolicy: optional(z.string()),
  addReplicaRegions: optional(z.array(Replica)),
  removeReplicaRegions: optional(Texts),
});
export type Parameters = z.infer<typeof Parameters>;

const Response = z.object({ versionId: optional(Text) });

/**
 * A call as CloudTrail tells it over EventBridge, with the fields that are used and no other; it never holds
 * a secret's value. Required is what CloudTrail documents for every event; a later minor version adds fields,
 * so the major one decides. Source: AWS CloudTrail User Guide, "CloudTrail record contents" and "userIdentity
 * element". Lambda's `inScopeOf` has the form of recorded events.
 */
export const TrailEvent = z.object({
  'detail-type': z.literal('AWS API Call via CloudTrail'),
  /** The account in whose event bus it arrived. */
  account: optional(Text),
  detail: z.object({
    eventVersion: z.string().regex(/^1\.\d+$/),
    userIdentity: optional(Identity).transform((given) => given ?? {}),
    eventTime: z.iso.datetime({ offset: true }).transform((text): Instant => Date.parse(text)),
    eventSource: Text,
    eventName: Text,
    awsRegion: Text,
    sourceIPAddress: optional(Text),
    userAgent: optional(z.string()),
    errorCode: optional(Text),
    requestParameters: optional(Parameters),
    responseElements: optional(Response),
    eventID: Text,
    /** The same in both accounts' copies of a call from one account into another. */
    sharedEventID: optional(Text),
    recipientAccountId: optional(Text),
    vpcEndpointId: optional(Text),
  }),
});
export type TrailEvent = z.infer<typeof TrailEvent>;
