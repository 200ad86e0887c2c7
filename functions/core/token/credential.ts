import * as z from 'zod';
import { Evidence, PendingConsumer } from '../consumers/consumer-state.ts';
import { MadeAt } from '../issuer/reach.ts';
import { kept, keptApart } from '../basics/record.ts';

const ProblemKind = z.enum([
  'revocation-blocked',
  'revocation-due',
  'revocation-ineffective',
  'credential-unmanaged',
]);

const Problem = keptApart(kept({ kind: ProblemKind, detail: z.string() }), {
  words: { kind: { of: ProblemKind, instead: { kind: 'revocation-blocked' } } },
});

const NotActiveAs = z.enum(['absent', 'disabled', 'revoked', 'expired']);

const NotActive = keptApart(kept({ as: NotActiveAs, since: z.number(), last: z.number() }), {
  words: { as: { of: NotActiveAs, instead: { as: 'absent' } } },
});

const SeenSpan = kept({ since: z.number(), last: z.number() });

/** One credential value of a token. Its dates are milliseconds since 1970. */
export const Credential = kept({
  /**
   * The Secrets Manager version that holds the value; for a credential no version holds, `lost:` and its
   * handle.
   */
  id: z.string(),
  versionId: z.string().optional(),
  /**
   * The issuer's non-secret name of the credential; undefined when an adopted value could not be identified.
   */
  handle: z.string().optional(),
  /**
   * How we know the handle is ours to revoke: created by us, adopted by identifying the value, or found by
   * its marker.
   */
  origin: z.enum(['minted', 'adopted', 'found']),
  state: z.enum(['current', 'previous', 'rolling-back', 'revoking', 'ended']),
  fingerprint: z.string().optional(),
  /**
   * When the issuer made it, by its own clock. With the handle it is the identity of a credential: a handle
   * may be given out again.
   */
  createdAt: z.number().optional(),
  /** Where it was made, or first seen: the one place where it is asked about, listed and revoked. */
  reach: MadeAt.optional(),
  /**
   * What stood beside the value of one that could not be identified: the fields by which its account is told.
   * Not secret.
   */
  beside: z.record(z.string(), z.string()).readonly().optional(),
  /** No consumer ever had it: an attempt that came to nothing made it, or its creation was never answered. */
  neverCurrent: z.boolean().optional(),
  /**
   * It was AWSCURRENT when it was first seen, while a rotation was under way that alone says which one is
   * current: whoever made it current did so before.
   */
  shownCurrent: z.boolean().optional(),
  /** What the issuer let it do when it was first asked, and when it was last. */
  scopes: kept({ first: z.array(z.string()).readonly(), last: z.array(z.string()).readonly() }).optional(),
  issuedAt: z.number().optional(),
  expiresAt: z.number().optional(),
  promotedAt: z.number().optional(),
  supersededAt: z.number().optional(),
  /** The last use that the issuer told and that was not a question of Keyturn's own. */
  lastUsedAt: z.number().optional(),
  /** When Keyturn itself used it to ask whether it works, the latest last. */
  probes: z.array(z.number()).readonly().optional(),
  /** Since when the issuer's list leaves it out and its value is refused. */
  missingSince: z.number().optional(),
  /** Who still holds it up, at the last look. */
  pendingConsumers: z.array(PendingConsumer).readonly().optional(),
  /** What showed that consumers had moved, when it was claimed for its end. */
  evidence: Evidence.optional(),
  /**
   * Since when its issuer says that it is disabled, which can be undone: it is not revoked. Kept until its
   * end is verified.
   */
  disabledAt: z.number().optional(),
  /** When disabling it came to nothing, or was undone at the issuer: it is revoked without it. */
  notDisabledAt: z.number().optional(),
  /** When a person last had it enabled again: what was reported until then is taken back. */
  enabledAt: z.number().optional(),
  /** When the issuer accepted the revoke; the proof follows after its lag. */
  revokedAt: z.number().optional(),
  endedAt: z.number().optional(),
  /** Since when, and when last, its value was refused without a revoke of ours, while its place answered. */
  refused: SeenSpan.optional(),
  /** Since when, and when last, full lists left it out after an accepted revoke. */
  absent: SeenSpan.optional(),
  /**
   * Of the current one: how full lists show it, if not as active, since when, and when last, while its value
   * tells nothing.
   */
  notActive: NotActive.optional(),
  /**
   * Of a secret that is gone: since when, and when last, its issuer did not show it, and its value could not
   * be asked about.
   */
  unseen: SeenSpan.optional(),
  /** What showed that it is inactive. */
  proof: z.enum(['value', 'list', 'expiry', 'absence']).optional(),
  /** A leaked one whose revocation was verified: when it is asked about once more, and how often it was. */
  askAgain: kept({ at: z.number(), asked: z.number() }).optional(),
  /**
   * A person had Keyturn look after it no more: its state is `ended`, and nothing proves that. It is known
   * again when it leaks.
   */
  forgotten: kept({ at: z.number(), by: z.string(), reason: z.string() }).optional(),
  /** Why it is revoked, in words for the history. */
  reason: z.string().optional(),
  /** The attempt whose new admin credential made it, to prove that it can create and revoke. */
  trialOf: z.string().optional(),
  /** Set when a person or an incident wants it revoked without waiting for grace or evidence. */
  withoutGrace: z.boolean().optional(),
  /**
   * Its grace was over and its consumers had moved when its claim was given back, since another token still
   * needed it: this token needs it no more.
   */
  givenUp: z.boolean().optional(),
  /**
   * The credential that was current when its return was asked for; with another one current the return
   * lapses.
   */
  restoreFrom: z.string().optional(),
  /**
   * A creation was sent that ends it: of which attempt, in which account (host included), and when. From here
   * on there is no way back to it. Taken off once its issuer is seen to have kept it.
   */
  replacing: kept({ attempt: z.string(), account: z.string(), at: z.number() }).optional(),
  /** When it last could not be made current again by Keyturn itself. */
  returnFailedAt: z.number().optional(),
  /** The person who asked for its end without grace or evidence. */
  askedBy: z.string().optional(),
  /**
   * What its policy, or a person who ended the token, orders although it is current and nothing has taken its
   * place; the revocation guard checks the order against the record once more.
   */
  forcedRevocation: kept({
    cause: z.enum(['incident', 'max-age', 'retirement']),
    incident: z.string().optional(),
    at: z.number(),
  }).optional(),
  /** Since when it was first claimed for its end, a claim that was given back included. */
  endingSince: z.number().optional(),
  /** Since when it is claimed for its end, and what the guard last said of it. */
  revocationBegunAt: z.number().optional(),
  verdict: z.string().optional(),
  /** No need to look at it again before this. */
  lookAt: z.number().optional(),
  /**
   * A staging label that keeps its version: Keyturn set it aside for the person who staged it, or a person
   * labelled it. Not to be revoked unless it leaked or a person asks.
   */
  kept: kept({ label: z.string(), since: z.number() }).optional(),
  /** What keeps it from being revoked; a finding is made of it. */
  problem: Problem.optional(),
});

export type Credential = z.infer<typeof Credential>;
