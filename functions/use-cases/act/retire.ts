import { isDying } from '../../core/claims.ts';
import { evidenceFor, type Judgement } from '../../core/delivery/evidence.ts';
import { isRetiring } from '../../core/ending.ts';
import { moveGeneration, telling, withGeneration } from '../../core/life.ts';
import { standingOrder } from '../../core/orders.ts';
import type { Loaded, Ports } from '../../core/ports.ts';
import type { Session } from '../../core/provider.ts';
import { graceEnds } from '../../core/schedule.ts';
import type { Evidence } from '../../core/delivery/consumer-state.ts';
import { withProbe } from '../../core/probes.ts';
import { waitsForReplicas, withReplicas } from '../../core/replica-waits.ts';
import { heldBy, replicaLaggards, replicasNow, type Replica } from '../../core/replicas.ts';
import { attemptOf, currentOf, generationOf, isUnderWay, type Generation, type Token } from '../../core/token.ts';
import { DAY, HOUR, MINUTE, type Instant, type Millis } from '../../core/time.ts';
import { ifUnderstood, sealedProvenance } from '../provenance.ts';
import { revoke, type Verdict } from '../revoke/index.ts';
import { change } from '../store.ts';
import { tellingDeath, unpin, type Work } from './context.ts';
import { asked, signsOf } from './signs.ts';

const LOOK_AGAIN = 10 * MINUTE;
const LOOK_AGAIN_REFUSED = HOUR;
const LOOK_AGAIN_UNMANAGED = DAY;

/** Takes an old generation as far towards its proven end as grace, evidence and the gate allow now. Each call may find any state of an earlier, broken one. */
export async function retire(work: Work, generationId: string, ports: Ports): Promise<void> {
  const found = generationOf(work.record.token, generationId);
  const claimed = found ? await claimedFor(work, found, ports) : work.record;
  const dying = generationOf(claimed.token, generationId);
  if (!dying || !isDying(dying)) return;
  const passed = dying.revokedAt === undefined ? await passGate({ ...work, record: claimed }, dying, ports) : claimed;
  const revoked = generationOf(passed.token, generationId);
  if (revoked && isDying(revoked) && revoked.revokedAt !== undefined) await prove({ ...work, record: passed }, revoked, ports);
}

async function claimedFor(work: Work, one: Generation, ports: Ports): Promise<Loaded> {
  if (one.state === 'current') return takeOrder(work, one, ports);
  return one.state === 'previous' ? claim(work, one, ports) : work.record;
}

/** Writes down what the policy, or the end of the token, orders of the current credential, or takes back what it orders no more. The gate decides. */
async function takeOrder(work: Work, one: Generation, ports: Ports): Promise<Loaded> {
  const now = ports.now();
  const order = standingOrder(work.record.token, one, now);
  if (!order) return one.order === undefined || one.revokedAt !== undefined ? work.record : takeBack(work, one, ports);
  if (one.order !== undefined) return work.record;
  const handle = await handleOf(work, one, ports);
  return change(work.record, ports, (token) => {
    if (!standingOrder(token, generationOf(token, one.id) ?? one, now)) return token;
    const ordered = withGeneration(token, one.id, (same) => ({ ...same, handle, order, condemned: true, claimedAt: now, endingSince: now, lookAt: undefined, reason: ORDER_REASONS[order.cause] }));
    return telling(ordered, { what: 'ordered', about: `${one.id}/${order.cause}`, detail: `${handle ?? one.id} has to die although it is current: ${ORDER_REASONS[order.cause]}`, by: work.by, at: now });
  });
}

/** The credential is needed again. */
async function takeBack(work: Work, one: Generation, ports: Ports): Promise<Loaded> {
  const isAge = one.order?.cause === 'max-age';
  return note(work, one.id, { order: undefined, problem: undefined, claimedAt: undefined, endingSince: undefined, ...(isAge && { condemned: undefined, reason: undefined }) }, ports);
}

const ORDER_REASONS = {
  incident: 'it leaked and was not replaced in time (at-contain-within is revoke)',
  'max-age': 'it is past its highest age and was not replaced (at-max-age is revoke)',
  retirement: 'a person ended the token',
} as const;

/** Nobody can read the versions of a secret that is gone or scheduled for deletion. */
function isUnreadable(work: Work): boolean {
  return work.secret.deletedAt !== undefined;
}

function note(work: Work, id: string, fields: Partial<Generation>, ports: Ports): Promise<Loaded> {
  return change(work.record, ports, (token) => withGeneration(token, id, (one) => ({ ...one, ...fields })));
}

/** Claims a generation for its end, if grace is over and consumers have moved. Rollback claims by the same compare-and-swap: one of them wins. */
async function claim(work: Work, one: Generation, ports: Ports): Promise<Loaded> {
  const now = ports.now();
  if (now < graceEnds(work.record.token, one)) return work.record;
  // While the issuer refuses the current value, the old one is the only way back.
  if (work.record.token.refusedSince !== undefined && !one.condemned) return note(work, one.id, { lookAt: now + LOOK_AGAIN }, ports);
  const handle = await handleOf(work, one, ports);
  if (handle === undefined) return waitForPerson(work, one, ports);
  if (isInUse(work, one, handle)) return note(work, one.id, { handle, lookAt: now + LOOK_AGAIN_REFUSED }, ports);
  if (waitsForReplicas(work.record.token, one) && heldBy(shownReplicas(work, now)).length > 0) return waitForReplicas(work, { ...one, handle }, ports);
  const seen = one.condemned ? undefined : await judge(work, { ...one, handle }, ports);
  if (seen?.outcome === 'waiting') return note(work, one.id, { ...seen.noted, handle, laggards: seen.laggards, lookAt: seen.lookAt }, ports);
  const reason = one.condemned ? (one.reason ?? 'a person asked for it') : reasonFor(seen?.evidence);
  return change(work.record, ports, (token) => {
    const isSame = generationOf(token, one.id)?.supersededAt === one.supersededAt;
    return isSame ? moveGeneration(token, one.id, 'claim-revoke', { ...seen?.noted, handle, claimedAt: now, endingSince: one.endingSince ?? now, lookAt: undefined, problem: undefined, laggards: undefined, evidence: seen?.evidence, reason }) : token;
  });
}

function shownReplicas({ record: { token }, secret }: Work, now: Instant): Replica[] {
  return secret.deletedAt === undefined ? replicasNow(token.replicas ?? [], secret.replicas, now) : [];
}

/** A copy in another Region has not got what took its place: its consumers may still have the old one. */
function waitForReplicas(work: Work, one: Generation, ports: Ports): Promise<Loaded> {
  const now = ports.now();
  const laggards = replicaLaggards(heldBy(shownReplicas(work, now)));
  return change(work.record, ports, (token) =>
    withGeneration(withReplicas(token, work.secret.replicas, now), one.id, (same) => ({ ...same, handle: one.handle, laggards, lookAt: now + LOOK_AGAIN })),
  );
}

function isInUse(work: Work, old: Generation, handle: string): boolean {
  return work.record.token.generations.some((one) => one.id !== old.id && one.handle === handle && (one.state === 'current' || one.state === 'restoring'));
}

/** An adopted value is identified here at the latest. */
async function handleOf(work: Work, one: Generation, ports: Ports): Promise<string | undefined> {
  if (one.handle !== undefined || one.versionId === undefined || isUnreadable(work)) return one.handle;
  const proof = await ifUnderstood(sealedProvenance({ secretArn: work.secret.arn, versionId: one.versionId, place: work.place }, ports));
  return proof?.handle ?? (proof && (await work.session.identify(proof.value))?.handle);
}

/** What nobody can name at the issuer a person has to revoke there; it counts as dead once the issuer refuses it. */
async function waitForPerson(work: Work, one: Generation, ports: Ports): Promise<Loaded> {
  if ((await probeVersion(work, one, ports)) === 'refused') return bury(work, one, 'the issuer refuses it', ports);
  const detail = `The issuer cannot tell which credential the old value of ${work.secret.name} (version ${one.id}) is: revoke it there by hand.`;
  return note(work, one.id, { ...asked(one, ports.now()), problem: { kind: 'unmanaged', detail }, lookAt: ports.now() + LOOK_AGAIN_UNMANAGED }, ports);
}

type Seen = Judgement & { readonly noted: Partial<Generation> };

/** Whether consumers have moved; at most grace the policy may do without an answer. */
async function judge(work: Work, one: Generation, ports: Ports): Promise<Seen> {
  const { token } = work.record;
  const now = ports.now();
  const { signs, noted } = await signsOf(work, one, ports);
  const judged = evidenceFor(token, one, signs, now);
  const isOverdue = now >= (one.supersededAt ?? 0) + token.policy.graceMost;
  if (judged.outcome === 'moved' || !isOverdue || token.policy.atMostGrace === 'hold') return { ...judged, noted };
  const grounds = judged.laggards.map(({ who, why }) => ({ by: who, what: `not moved: ${why}` }));
  return { outcome: 'moved', evidence: { at: now, strength: 'forced', grounds }, noted };
}

function reasonFor(evidence: Evidence | undefined): string {
  switch (evidence?.strength) {
    case 'strong':
      return 'its successor is in use, grace is over and the issuer sees no use of it';
    case 'weak':
      return 'its successor is in use, grace is over and its consumers have moved';
    case 'forced':
      return 'most grace is over, and the policy does not hold it for consumers that have not moved';
    case 'time':
    case undefined:
      return 'its successor is in use and grace is over';
  }
}

/** What a new admin credential made on trial it has to revoke itself; once its attempt is given up, the current one does. */
async function revokerOf(work: Work, one: Generation, ports: Ports): Promise<Session> {
  const attempt = one.trialOf === undefined ? undefined : attemptOf(work.record.token, one.trialOf);
  if (!attempt || !isUnderWay(attempt) || attempt.state === 'aborting') return work.session;
  const text = await ports.secrets.read(work.secret.arn, attempt.id);
  return text ? ports.issuers.open({ ...work.registration, name: work.secret.name }, text) : work.session;
}

async function passGate(work: Work, one: Generation, ports: Ports): Promise<Loaded> {
  const verdict = await revoke({ tokenId: work.tokenId, generationId: one.id }, await revokerOf(work, one, ports), work.place, ports);
  const now = ports.now();
  if (verdict.revoked) return change(work.record, ports, (token) => looked(markRevoked(token, one, { now, by: work.by, lag: lagOf(token.provider, ports) }), verdict));
  if (verdict.isGone) return bury(work, one, verdict.reason, ports);
  if (isRetiring(work.record.token) && !verdict.stale && (await probeVersion(work, one, ports)) === 'refused') return bury(work, one, 'the issuer refuses it', ports);
  const problem = verdict.stale ? undefined : ({ kind: 'revoke-refused', detail: verdict.reason } as const);
  ports.log.warn('the revocation guard refused', { tokenId: work.tokenId, generation: one.id, reason: verdict.reason });
  const fields = { problem, verdict: verdict.reason, lookAt: now + (verdict.stale ? LOOK_AGAIN : LOOK_AGAIN_REFUSED) };
  return change(work.record, ports, (token) => looked(givenBack(token, one.id, verdict.giveBack === true, fields), verdict));
}

/** Another act needs the credential: the claim is taken back, and tried again later. One with an order keeps that, since the order stands by itself. */
function givenBack(token: Token, id: string, isWanted: boolean, fields: Partial<Generation>): Token {
  return isWanted && generationOf(token, id)?.state === 'revoking' ? moveGeneration(token, id, 'release', { ...fields, givenUp: true }) : withGeneration(token, id, (one) => ({ ...one, ...fields }));
}

/** What the last look told of the current credential; a use of ours at that time is none of a consumer. */
function looked(token: Token, { looked: seen }: Verdict): Token {
  switch (seen?.outcome) {
    case undefined:
    case 'unknown':
      return askedOfCurrent(token, seen?.at);
    case 'alive':
      return { ...askedOfCurrent(token, seen.at), pulse: { at: seen.at, outcome: 'alive' }, aliveAt: seen.at, refusedSince: undefined };
    case 'refused':
      return { ...askedOfCurrent(token, seen.at), pulse: { at: seen.at, outcome: 'refused' }, refusedSince: token.refusedSince ?? seen.at };
  }
}

function askedOfCurrent(token: Token, at: Instant | undefined): Token {
  const current = currentOf(token);
  return current === undefined || at === undefined ? token : withGeneration(token, current.id, (one) => withProbe(one, at));
}

function markRevoked(token: Token, one: Generation, seen: { now: Instant; by: string; lag: Millis }): Token {
  const noted = withGeneration(token, one.id, (same) => ({ ...same, revokedAt: seen.now, lookAt: seen.now + seen.lag, problem: undefined }));
  return telling(noted, { what: 'revoked', about: one.handle ?? one.id, detail: one.reason ?? 'retired', by: seen.by, at: seen.now });
}

/** Revoked means proven: after the issuer's lag the old value must be refused; where no value is left, the issuer must not list it as active. */
async function prove(work: Work, one: Generation, ports: Ports): Promise<Loaded> {
  const now = ports.now();
  if (one.revokedAt === undefined || now < one.revokedAt + lagOf(work.registration.provider, ports)) return work.record;
  const outcome = await probeVersion(work, one, ports);
  if (outcome === 'refused') return bury(work, one, 'the issuer refuses it', ports);
  if (outcome === 'unknown') return note(work, one.id, { ...asked(one, now), lookAt: now + LOOK_AGAIN }, ports);
  const detail = `The issuer still accepts the credential ${one.handle ?? one.id} although its revoke was accepted.`;
  return note(work, one.id, { ...asked(one, now), revokedAt: undefined, lookAt: now + LOOK_AGAIN, problem: { kind: 'not-dead', detail } }, ports);
}

function lagOf(provider: string, ports: Ports): Millis {
  return ports.descriptor(provider)?.revokeLag ?? 0;
}

async function probeVersion(work: Work, one: Generation, ports: Ports): Promise<'alive' | 'refused' | 'unknown'> {
  const version = one.versionId && !isUnreadable(work) && { secretArn: work.secret.arn, versionId: one.versionId, place: work.place };
  const held = version ? await ifUnderstood(sealedProvenance(version, ports)) : undefined;
  const isSame = held !== undefined && (one.fingerprint === undefined || held.fingerprint === one.fingerprint);
  if (isSame) return (await work.session.probe(held.value)).outcome;
  if (one.handle === undefined) return 'unknown';
  const listed = (await work.session.list()).find((other) => other.handle === one.handle);
  return listed?.active ? 'alive' : 'refused';
}

/** Its version needs no pin any more. */
async function bury(work: Work, one: Generation, detail: string, ports: Ports): Promise<Loaded> {
  const now = ports.now();
  if (one.versionId !== undefined && !isUnreadable(work)) await unpin(work.secret.arn, one.versionId, ports);
  return change(work.record, ports, (token) =>
    tellingDeath(moveGeneration(token, one.id, 'die', { deadAt: now, problem: undefined, lookAt: undefined }), one, { now, by: work.by, detail }),
  );
}
