import * as z from 'zod';
import { Attempt } from './attempt.ts';
import { SeenClock } from '../issuer/issuer-clock.ts';
import { Consumer } from '../consumers/consumer-state.ts';
import { Fact } from '../findings/events.ts';
import { Finding } from '../findings/findings.ts';
import { Noted } from '../findings/reported-findings.ts';
import { Policy } from '../policy/policy.ts';
import { MadeAt } from '../issuer/reach.ts';
import { Replica } from './replicas.ts';
import { kept, keptApart } from '../basics/record.ts';
import { Credential } from './credential.ts';
import { Suspect, Validity } from './last-check.ts';
import { Upstream } from './upstream.ts';
import { Incident } from './incident.ts';
import { Ending, Review } from './decisions.ts';

const TokenMembers = kept({
  id: z.string(),
  secretArn: z.string(),
  name: z.string(),
  provider: z.string(),
  admin: z.string().optional(),
  owner: z.string(),
  environment: z.string(),
  purpose: z.string(),
  policy: Policy,
  consumers: z.array(Consumer).readonly().optional(),
  enrolledAt: z.number(),
  /** When `inspect` last held the record against Secrets Manager and the issuer. */
  inspectedAt: z.number().optional(),
  /**
   * Its place in the line of its issuer's inspections, where the line was too long for the queue. Lost, it
   * takes another.
   */
  inspectionAt: z.number().optional(),
  /** The last good probe of the current value. */
  activeAt: z.number().optional(),
  /** The last probe of the current value, good or not. */
  validity: Validity.optional(),
  /** Since when the issuer's dates of last use are looked at, and the last use by anybody but Keyturn. */
  use: kept({ since: z.number(), last: z.number().optional() }).optional(),
  /**
   * How the issuer's clock stood against ours when it was last seen, where it may be off by more than goes
   * unnoticed.
   */
  issuerClock: SeenClock.optional(),
  /** Gone from Secrets Manager or no longer registered; nothing is planned for it. */
  detachedAt: z.number().optional(),
  /** A person ended it, or had it let go. */
  ending: Ending.optional(),
  scopes: z.array(z.string()).readonly().optional(),
  /** What its grant wants a value to be allowed that a person creates. */
  wantedScopes: z.array(z.string()).readonly().optional(),
  /** Where the grant has new credentials made, as it was last seen. */
  reach: MadeAt.optional(),
  upstream: Upstream.optional(),
  /** The copies of its secret in other Regions that were ever seen, and how they are. */
  replicas: z.array(Replica).readonly().optional(),
  attempts: z.array(Attempt).readonly(),
  credentials: z.array(Credential).readonly(),
  findings: z.array(Finding).readonly(),
  suspects: z.array(Suspect).readonly(),
  /** Live credentials beside this token's that it does not know; some of them at most. */
  unrecognizedCredentials: z.array(z.string()).readonly().optional(),
  /** What people decided of it, the latest last. */
  reviews: z.array(Review).readonly().optional(),
  /** What was seen of it by others than the record. */
  noted: z.array(Noted).readonly().default([]),
  incidents: z.array(Incident).readonly().optional(),
  /** The version of the index in which every handle and fingerprint of this record leads to it. */
  indexed: z.number().optional(),
  /** When the versions of its secret were last held against the record. */
  readAt: z.number().optional(),
  /** And which labels there were then, as a digest. */
  labels: z.string().optional(),
  /**
   * Rotations that failed since the last one that succeeded, and why the last of them did: of one attempt its
   * first cause.
   */
  failures: z.number().int().nonnegative(),
  failedAt: z.number().optional(),
  lastError: kept({
    code: z.string(),
    message: z.string(),
    lasting: z.boolean(),
    attempt: z.string().optional(),
  }).optional(),
  /**
   * The last credential that was made and could not be kept: why, when, how often in a row for that cause,
   * and when its secret was seen to take a version since; until the next promotion.
   */
  lostMint: kept({
    code: z.string(),
    message: z.string(),
    at: z.number(),
    count: z.number().int().positive(),
    storableAt: z.number().optional(),
  }).optional(),
  /** Since when the issuer refuses the current value. */
  refusedSince: z.number().optional(),
  /** When a credential that became inactive early was last replaced without a person asking. */
  revivedAt: z.number().optional(),
  /**
   * When the secret is to be deleted, or was: by then its values cannot be read any more, whatever of them is
   * still active.
   */
  deletion: kept({ at: z.number(), gone: z.boolean() }).optional(),
  /** Keyturn's own last move of AWSCURRENT, and when it was done by at the latest. */
  moved: kept({ from: z.string().optional(), to: z.string(), at: z.number() }).optional(),
  /** Why the secret cannot be managed as it is, in one sentence. */
  unusable: z.string().optional(),
  /** When it could be managed again after it could not; what is late is late from then. */
  usableSince: z.number().optional(),
  /** The sweep handed out commands and rests until then, unless something changes before. */
  restUntil: z.number().optional(),
  /** The admin credential that could make the current one was out at this time; until the next promotion. */
  adminLeakedAt: z.number().optional(),
  /** The credential that a health signal spoke against after its promotion; until the next promotion. */
  withdrawn: kept({
    credentialId: z.string(),
    signal: z.string(),
    firedAt: z.number(),
    at: z.number(),
  }).optional(),
  /** A person asked for a rotation; cleared when one was started. */
  rotateRequestedAt: z.number().optional(),
  /**
   * A person submitted a value, which waits for the rotation that takes it up: in which version, and when.
   */
  submitted: kept({ versionId: z.string(), at: z.number() }).optional(),
  /** Facts that are true and not yet told; cleared when the bus has accepted them. */
  outbox: z.array(Fact).readonly(),
  /** When the sweep has to look again, rotations apart; undefined when never. */
  dueAt: z.number().optional(),
  /** From when the sweep may start the next rotation; undefined while none is wanted, or one is under way. */
  startAt: z.number().optional(),
});

/**
 * A managed secret and all we know of it: the one record that changes under one version check. Findings,
 * notes, facts and reviews of a kind that is not known are kept and passed over. A state of a credential or
 * of a rotation that is not known is not guessed at: the record is refused.
 */
export const Token = keptApart(TokenMembers, {
  lists: { findings: Finding, noted: Noted, outbox: Fact, reviews: Review },
});

export type Token = z.infer<typeof Token>;
