import * as z from 'zod';
import { FINDING_KINDS } from '../findings/findings.ts';

/** The most that SQS takes in one request (Amazon SQS API Reference, "SendMessageBatch"). */
export const COMMANDS_IN_BATCH = 10;

const Head = {
  tokenId: z.string(),
  /**
   * After this the command is dropped: the sweep sends a new one if it is still needed. Milliseconds since
   * 1970.
   */
  notAfter: z.number(),
};

/**
 * A host as addresses name it: a name or an IPv4 address in small letters, or an IPv6 address in brackets;
 * with a port where that is not the usual one.
 */
export const HostName = z
  .string()
  .max(260)
  .regex(
    /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[1-9]\d{0,4})?$/,
    'must be a host such as gitlab.example.com, or one with its port',
  );

/**
 * What a worker function may be told to look at. A command says where to look, never that a thing is so: all
 * is read again before anything is done.
 */
export const Command = z.discriminatedUnion('kind', [
  /** Record how an attempt ended, or abort it. */
  z.strictObject({ ...Head, kind: z.literal('settle'), attemptId: z.string() }),
  /** Revoke an old credential when the guard allows it, and verify that. */
  z.strictObject({ ...Head, kind: z.literal('retire'), credentialId: z.string() }),
  /** Ask an issuer whether it accepts the admin credential in a secret. */
  z.strictObject({ ...Head, kind: z.literal('examine'), secretArn: z.string() }),
  /**
   * Enrol, or hold the record against Secrets Manager and the issuer. Carries the ARN since the record may
   * not exist yet.
   */
  z.strictObject({
    ...Head,
    kind: z.literal('inspect'),
    secretArn: z.string(),
    /** As the tags say, for the router: a new secret has no record yet that names it. */ provider: z
      .string()
      .max(100)
      .optional(),
  }),
  /** A person asks; the queue's own record of the sender says who. */
  z.strictObject({ ...Head, kind: z.literal('rotate') }),
  /** Makes one credential current again. It is named, so that a repeated command changes nothing. */
  z.strictObject({ ...Head, kind: z.literal('rollback'), credentialId: z.string() }),
  z.strictObject({ ...Head, kind: z.literal('revoke'), credentialId: z.string() }),
  /** A person has Keyturn stop looking after a credential whose end can be neither reached nor seen. */
  z.strictObject({
    ...Head,
    kind: z.literal('forget'),
    credentialId: z.string(),
    reason: z.string().min(1).max(500),
  }),
  /** A person has a credential enabled again that was disabled since it leaked: the report was wrong. */
  z.strictObject({
    ...Head,
    kind: z.literal('enable'),
    credentialId: z.string(),
    reason: z.string().min(1).max(500),
  }),
  /** A person approves of a token, with the scopes that were shown, or refuses it. */
  z.strictObject({
    ...Head,
    kind: z.literal('review'),
    decision: z.enum(['approved', 'refused']),
    reason: z.string().max(500).optional(),
    scopes: z.array(z.string()).optional(),
  }),
  /** A person ends a token, with every credential of it, or has Keyturn let go of it. */
  z.strictObject({ ...Head, kind: z.literal('end'), how: z.enum(['retire', 'detach']) }),
  /**
   * A health signal fired soon after this credential was promoted: the one before comes back, if it is still
   * active.
   */
  z.strictObject({
    ...Head,
    kind: z.literal('withdraw'),
    credentialId: z.string(),
    signal: z.string(),
    firedAt: z.number(),
  }),
  /**
   * Somebody says that a credential is out: the one with this fingerprint, or, without one, all that the
   * token has. `held`: nothing is done before a person says so.
   */
  z.strictObject({
    ...Head,
    kind: z.literal('compromise'),
    fingerprint: z.string().optional(),
    source: z.string().min(1).max(200),
    reportedAt: z.number(),
    exposedAt: z.number().optional(),
    held: z.boolean().optional(),
  }),
  /** A person or a pipeline says that a consumer uses this credential. */
  z.strictObject({ ...Head, kind: z.literal('moved'), consumer: z.string(), credentialId: z.string() }),
  /** A person wants this credential delivered to a consumer once more. */
  z.strictObject({ ...Head, kind: z.literal('redeliver'), consumer: z.string(), credentialId: z.string() }),
  /** A version of a service was deployed with this credential. */
  z.strictObject({
    ...Head,
    kind: z.literal('using'),
    service: z.string(),
    version: z.string(),
    credentialId: z.string(),
  }),
  /** A person has taken on what is open of a token, of one kind or all. */
  z.strictObject({ ...Head, kind: z.literal('acknowledge'), finding: FINDING_KINDS.optional() }),
  /** A person wants to see whether alerts arrive. It is about the installation, and touches no token. */
  z.strictObject({ ...Head, kind: z.literal('test-alert') }),
  /** A version of a service is gone. */
  z.strictObject({ ...Head, kind: z.literal('released'), service: z.string(), version: z.string() }),
  /**
   * An operator vouches for the host of a provider's issuer, with its port where it has one: values may be
   * sent there.
   */
  z.strictObject({
    ...Head,
    kind: z.literal('confirm-host'),
    provider: z.string().min(1).max(64),
    host: HostName,
  }),
  /** What stood out is normal: of one subject, or, for `*`, all that stands out now. */
  z.strictObject({ ...Head, kind: z.literal('accept'), subject: z.string().max(300) }),
]);
export type Command = z.infer<typeof Command>;

/** Look what is still to be brought to the consumers of a token, or to the one that is named. */
export const DeliverCommand = z.strictObject({
  ...Head,
  kind: z.literal('deliver'),
  consumer: z.string().optional(),
});
export type DeliverCommand = z.infer<typeof DeliverCommand>;
