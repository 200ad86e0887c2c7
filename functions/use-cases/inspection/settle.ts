import { KeyturnError } from '../../core/basics/errors.ts';
import { isUnanswered } from '../../core/incidents/forget-rotation.ts';
import { canMove, currentAgain, moveAttempt, withAttempt } from '../../core/token/transitions.ts';
import { recordedForRevocation } from '../../core/token/recorded-for-revocation.ts';
import { promoted } from '../../core/token/promotion.ts';
import { telling } from '../../core/token/telling.ts';
import { isPin, isSetAside, markerOf } from '../../core/basics/names.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { sameReach, type ListedCredential, type Reach, type Session } from '../../core/issuer/provider.ts';
import { placeText } from '../../core/issuer/reach.ts';
import type { Attempt, Mint } from '../../core/token/attempt.ts';
import { accountsFor } from '../../core/token/known-credentials.ts';
import { attemptOf, credentialOf, isUnderWay } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';
import { credentialFrom } from '../rotation/enroll.ts';
import { clearPending } from '../rotation/pending-version.ts';
import { ifUnderstood, provenance } from '../rotation/provenance.ts';
import { versionWith } from '../inventory/registration.ts';
import { change, load } from '../inventory/store.ts';
import { mayBeUnseen } from '../../core/token/staleness.ts';
import { setAside, stagedValue } from './set-aside.ts';
import { appearedAfter, clockHeard, pin, unpin, type SecretWork } from '../open-token/context.ts';

/**
 * Brings an attempt to its end: records a promotion that was never recorded, aborts what is over, and accounts for every credential it made.
 * The issuer is asked only when a mint was never answered: an attempt can be aborted although nothing is granted any more.
 */
export async function settle(work: SecretWork, attemptId: string, ports: Ports): Promise<void> {
  const loaded = work.record;
  const attempt = attemptOf(loaded.token, attemptId);
  if (!attempt || (attempt.tidy && !isUnderWay(attempt))) return;
  if (!isUnderWay(attempt)) return tidy(work, loaded, attempt, ports);
  await conclude(work, { attempt, isCredential: credentialOf(loaded.token, attemptId) !== undefined }, ports);
  const concluded = await load(work.tokenId, ports);
  const ended = attemptOf(concluded.token, attemptId);
  const secret = await ports.secrets.describe(work.secret.arn);
  if (ended && !isUnderWay(ended)) await tidy({ ...work, secret }, concluded, ended, ports);
}

/** Decides from the staging labels alone how an attempt ended, and ends it. */
async function conclude(
  work: SecretWork,
  seen: { attempt: Attempt; isCredential: boolean },
  ports: Ports,
): Promise<void> {
  const now = ports.now();
  const attempt = seen.attempt;
  if (isLeased(attempt, now) || isMoveUnseen(attempt, now)) return;
  const labels = work.secret.versions.get(attempt.id) ?? [];
  if (labels.includes('AWSCURRENT')) return recordLate(work, attempt.id, ports);
  const wasPromoted =
    labels.includes('AWSPREVIOUS') ||
    seen.isCredential ||
    (attempt.state === 'promoting' && !labels.includes('AWSPENDING'));
  if (wasPromoted && attempt.state !== 'aborting') return recordSuperseded(work, attempt.id, ports);
  if (isOver(attempt, now)) await abort(work, attempt.id, ports);
}

function isLeased(attempt: Attempt, now: number): boolean {
  return attempt.leaseUntil !== undefined && attempt.leaseUntil > now;
}

/** Its label may have been moved just now, by a function that ended since, and no answer shows it yet. */
function isMoveUnseen(attempt: Attempt, now: number): boolean {
  return (
    attempt.state === 'promoting' &&
    (mayBeUnseen(attempt.promotingAt, now) || mayBeUnseen(attempt.leaseUntil, now))
  );
}

function isOver(attempt: Attempt, now: number): boolean {
  return now >= attempt.deadline || attempt.dead === true || attempt.state === 'aborting';
}

async function recordLate(work: SecretWork, attemptId: string, ports: Ports): Promise<void> {
  const oldVersion = versionWith(work.secret, 'AWSPREVIOUS');
  await change(work.tokenId, ports, (token) =>
    promoted(token, attemptId, { oldVersion, now: ports.now(), by: work.by }),
  );
}

/** Promoted once, and another version is current by now: its credential is in grace from here on, never aborted. */
async function recordSuperseded(work: SecretWork, attemptId: string, ports: Ports): Promise<void> {
  const now = ports.now();
  const current = versionWith(work.secret, 'AWSCURRENT');
  await change(work.tokenId, ports, (token) => {
    const done = promoted(token, attemptId, {
      oldVersion: undefined,
      now,
      by: work.by,
      detail: `version ${attemptId} was current until another took its place`,
    });
    return {
      ...done,
      credentials: done.credentials.map((one) => steppedBack(one, { attemptId, current, now })),
    };
  });
}

function steppedBack(
  one: Credential,
  seen: { attemptId: string; current: string | undefined; now: number },
): Credential {
  if (one.id === seen.attemptId) return { ...one, state: 'previous', supersededAt: seen.now };
  return one.id === seen.current && canMove(one, 'promote') ? currentAgain(one, seen.now) : one;
}

/** The claim comes first: once it is on record no step of the rotation goes on. Then the label, so that a new rotation can start. */
async function abort(work: SecretWork, attemptId: string, ports: Ports): Promise<void> {
  const now = ports.now();
  const claimed = await change(work.tokenId, ports, (token) => {
    const attempt = attemptOf(token, attemptId);
    const mayAbort = attempt && isUnderWay(attempt) && isOver(attempt, now) && !isLeased(attempt, now);
    return mayAbort ? moveAttempt(token, attemptId, 'claim-abort') : token;
  });
  if (attemptOf(claimed.token, attemptId)?.state !== 'aborting') return;
  const secret = await ports.secrets.describe(work.secret.arn);
  const labels = secret.versions.get(attemptId) ?? [];
  if (labels.includes('AWSCURRENT')) return recordLate({ ...work, secret }, attemptId, ports);
  const staged = await giveUpValue({ ...work, secret }, claimed.token, attemptId, ports);
  if (labels.includes('AWSPENDING')) await clearPending(secret.arn, attemptId, ports);
  await change(work.tokenId, ports, (token) => aborted(token, attemptId, { now, by: work.by, staged }));
}

/** What the pending version holds stays readable: until it is proven dead, or, where a person staged it, for that person. */
async function giveUpValue(
  work: SecretWork,
  token: Token,
  attemptId: string,
  ports: Ports,
): Promise<Credential | undefined> {
  const attempt = attemptOf(token, attemptId);
  if (!attempt || (await ports.secrets.read(work.secret.arn, attemptId)) === undefined) return undefined;
  const staged = credentialOf(token, attemptId)
    ? undefined
    : await stagedValue(work, { token, attempt }, ports);
  if (staged) await setAside(work.secret, attemptId, ports);
  else await pin(work.secret, attemptId, ports);
  return staged;
}

function aborted(
  token: Token,
  attemptId: string,
  seen: { now: number; by: string; staged: Credential | undefined },
): Token {
  const attempt = attemptOf(token, attemptId);
  if (attempt?.state !== 'aborting') return token;
  const ended = withOld(
    moveAttempt(token, attemptId, 'abort', { endedAt: seen.now, tidy: false }),
    seen.staged,
  );
  const isHalted = attempt.halted === true;
  const tried = withoutTrialsProblem(ended, attemptId);
  // An answer from before its end shows the label once more, and so does a hand that puts it back: that is no second failure.
  const isAgain = attempt.endedAt !== undefined;
  const isNoFailure = isHalted || isAgain || (seen.staged !== undefined && attempt.cause === 'console');
  const counted = isNoFailure ? tried : { ...tried, failures: token.failures + 1, failedAt: seen.now };
  const why = seen.staged
    ? `somebody else had stored the value of the version ${attemptId}, which was set aside`
    : isHalted
      ? haltedText(token)
      : (token.lastError?.message ?? 'it did not end in time');
  return telling(counted, {
    what: 'rotation-aborted',
    about: attemptId,
    detail: why,
    by: seen.by,
    at: seen.now,
  });
}

function haltedText(token: Token): string {
  return token.lostMint?.storableAt === undefined
    ? 'a credential leaked meanwhile, and a new rotation begins'
    : 'it has shown that the secret can be written again, and a new rotation begins';
}

/** What the given-up admin credential could not revoke, the current one can: at once. */
function withoutTrialsProblem(token: Token, attemptId: string): Token {
  return {
    ...token,
    credentials: token.credentials.map((one) =>
      one.trialOf === attemptId && one.state === 'revoking'
        ? { ...one, lookAt: undefined, problem: undefined }
        : one,
    ),
  };
}

/** Accounts for what an ended attempt made: all that did not become a generation is doomed. Needs the issuer; repeated until it answers. */
async function tidy(work: SecretWork, loaded: Loaded, attempt: Attempt, ports: Ports): Promise<void> {
  await clearLeftover(work, attempt, ports);
  const lost = await lostMints(work, { token: loaded.token, attempt }, ports);
  const left =
    lost.length > 0 ? undefined : await unprovenValue(work, { token: loaded.token, attempt }, ports);
  const isStored = attempt.state === 'aborted' && (await mayHold(work.secret, attempt.id, ports));
  const { token: saved } = await change(loaded, ports, (token) =>
    withAttempt(
      withOld(recordForRevocationAll(token, attempt, { lost, isStored, at: ports.now() }), left),
      attempt.id,
      (one) => ({ ...one, tidy: true }),
    ),
  );
  await pinWhatLives(work, saved, attempt.id, ports);
}

/** What nobody can read at present may come back. */
async function mayHold(secret: SecretDescription, versionId: string, ports: Ports): Promise<boolean> {
  return secret.deletedAt !== undefined || (await ports.secrets.read(secret.arn, versionId)) !== undefined;
}

/** A version that was promoted and is current no more has no rotation to come. */
async function clearLeftover({ secret }: SecretWork, attempt: Attempt, ports: Ports): Promise<void> {
  const labels = secret.versions.get(attempt.id) ?? [];
  if (attempt.state === 'promoted' && labels.includes('AWSPENDING') && !labels.includes('AWSCURRENT'))
    await clearPending(secret.arn, attempt.id, ports);
}

interface Lost {
  readonly handle: string;
  readonly createdAt?: number | undefined;
  readonly versionId?: string;
  readonly fingerprint?: string;
  readonly reach?: Reach | undefined;
  readonly expiresAt?: number | undefined;
}

/** `isStored`: whether the version of the attempt holds a value, which is then that of its latest mint. */
function recordForRevocationAll(
  token: Token,
  attempt: Attempt,
  seen: { lost: readonly Lost[]; isStored: boolean; at: number },
): Token {
  const kept = new Set(token.credentials.filter((one) => one.id === attempt.id).map((one) => one.handle));
  // What was made on trial is in no version.
  const inOrder = [
    ...attempt.mints.filter((mint) => mint.trial === true),
    ...attempt.mints.filter((mint) => mint.trial !== true),
  ];
  const answered = inOrder.flatMap((mint): Lost[] =>
    mint.handle === undefined || kept.has(mint.handle)
      ? []
      : [
          {
            handle: mint.handle,
            createdAt: mint.createdAt,
            reach: mint.reach,
            expiresAt: mint.expiresAt,
            ...(mint.fingerprint === undefined ? {} : { fingerprint: mint.fingerprint }),
          },
        ],
  );
  const latest = inOrder.at(-1)?.trial === true ? undefined : answered.at(-1);
  const stored =
    seen.isStored && latest ? [...answered.slice(0, -1), { ...latest, versionId: attempt.id }] : answered;
  return [...stored, ...seen.lost].reduce(
    (doing, one) =>
      recordedForRevocation(doing, {
        ...one,
        at: seen.at,
        origin: 'minted',
        neverCurrent: attempt.state === 'aborted',
        reason: `made by the rotation ${attempt.id}, which did not need it`,
      }),
    token,
  );
}

/** Credentials whose creation was never answered, found again the way the provider's lost-mint class says, at each place where one was asked for. */
async function lostMints(
  work: SecretWork,
  seen: { token: Token; attempt: Attempt },
  ports: Ports,
): Promise<Lost[]> {
  const lost: Lost[] = [];
  for (const unanswered of byPlace(seen.attempt.mints.filter(isUnanswered)))
    lost.push(...(await lostAtOne(work, { ...seen, unanswered }, ports)));
  return lost;
}

/** The grant may lead elsewhere between two tries. */
function byPlace(mints: readonly Mint[]): Mint[][] {
  const places: Mint[][] = [];
  for (const mint of mints) {
    const known = places.find(([first]) => first !== undefined && isAtOnePlace(first, mint));
    if (known) known.push(mint);
    else places.push([mint]);
  }
  return places;
}

function isAtOnePlace(a: Mint, b: Mint): boolean {
  return a.reach === undefined || b.reach === undefined ? a.reach === b.reach : sameReach(a.reach, b.reach);
}

async function lostAtOne(
  work: SecretWork,
  { token, attempt, unanswered }: { token: Token; attempt: Attempt; unanswered: readonly Mint[] },
  ports: Ports,
): Promise<Lost[]> {
  const session = await madeAt(work, attempt, unanswered, ports);
  if (session === undefined) return [];
  if (session.kind === 'choosing') return installedValue(work, session, attempt, ports);
  const since = ports.now();
  const listed = await session.list();
  const clock = clockHeard(token, session.reach, since, ports);
  const unknown = listed.filter((one) => one.active && !accountsFor({ ...token, issuerClock: clock }, one));
  const marker = markerOf(ports.installation, work.secret.arn, attempt.id);
  const first = unanswered[0];
  if (first?.before === undefined) return unknown.filter((one) => one.name === marker).map(lostAt(session));
  const appeared = unknown.filter((one) => appearedAfter(first, one, clock));
  // One mint leaves one credential at most; with more of them, nobody can tell which are a stranger's.
  return appeared.length > unanswered.length ? [] : appeared.map(lostAt(session));
}

function lostAt({ reach }: Session): (one: ListedCredential) => Lost {
  return ({ handle, createdAt, expiresAt }) => ({ handle, createdAt, reach, expiresAt });
}

/** What was never answered is looked for where it was asked for; undefined where nobody may ask any more, and nobody was asked. Error: `not-granted` where one was. */
async function madeAt(
  work: SecretWork,
  attempt: Attempt,
  unanswered: readonly Mint[],
  ports: Ports,
): Promise<Session | undefined> {
  const session = await work.open();
  const reach = unanswered[0]?.reach;
  if (reach === undefined || sameReach(reach, session.reach)) return session;
  const { provider, name, admin } = work.record.token;
  const former = await ports.issuers.openAt({ provider, name, admin }, reach);
  if (former) return former;
  if (unanswered.every((mint) => mint.unsent === true)) return undefined;
  throw new KeyturnError(
    'not-granted',
    `A rotation of ${name} may have left a credential at ${placeText(reach)}, which its grant does not name any more: name that account under formerly in the grant. If it is gone for good, run \`keyturn forget ${name} ${attempt.id} --reason TEXT\`.`,
  );
}

/** We chose the value and stored it first: the issuer tells whether it was ever told of it. */
async function installedValue(
  work: SecretWork,
  session: Session,
  attempt: Attempt,
  ports: Ports,
): Promise<Lost[]> {
  const version = { secretArn: work.secret.arn, versionId: attempt.id, place: work.place };
  const proof = await ifUnderstood(provenance(version, { session }, ports));
  if (proof?.handle === undefined) return [];
  return [
    {
      handle: proof.handle,
      createdAt: proof.createdAt,
      versionId: attempt.id,
      fingerprint: proof.fingerprint,
      reach: proof.reach,
    },
  ];
}

/**
 * A value that an aborted attempt left in its version, and of which no record and no seal says who made it: ours, when the table was lost in the middle
 * of the rotation of a plain text, or a person's. It gets the grace of an old credential.
 */
async function unprovenValue(
  work: SecretWork,
  seen: { token: Token; attempt: Attempt },
  ports: Ports,
): Promise<Credential | undefined> {
  const { token, attempt } = seen;
  const version = { secretArn: work.secret.arn, versionId: attempt.id, place: work.place };
  const isAccounted = attempt.state !== 'aborted' || attempt.mints.some((mint) => !isUnanswered(mint));
  if (isAccounted || !(await ports.secrets.read(version.secretArn, version.versionId))) return undefined;
  const session = await work.open();
  const proof = await ifUnderstood(provenance(version, { session, listed: await session.list() }, ports));
  if (proof?.handle === undefined || accountsFor(token, proof)) return undefined;
  return credentialFrom(proof, { versionId: attempt.id, isCurrent: false, now: ports.now() });
}

function withOld(token: Token, left: Credential | undefined): Token {
  const isKnown =
    left === undefined || token.credentials.some((one) => one.id === left.id || one.handle === left.handle);
  return isKnown ? token : { ...token, credentials: [...token.credentials, left] };
}

/** Pins every version whose credential is not yet proven dead, and frees those that hold nothing any more. */
async function pinWhatLives(work: SecretWork, token: Token, attemptId: string, ports: Ports): Promise<void> {
  for (const [versionId, labels] of work.secret.versions) {
    const state = credentialOf(token, versionId)?.state;
    const isDying =
      (state === 'previous' && !labels.some(isSetAside)) || state === 'rolling-back' || state === 'revoking';
    if (isDying) await pin(work.secret, versionId, ports);
    const isDone =
      state === 'ended' || state === 'current' || (state === undefined && versionId === attemptId);
    if (isDone && labels.some(isPin)) await unpin(work.secret.arn, versionId, ports);
  }
}
