import { isDeepStrictEqual } from 'node:util';
import { isEnded, isRetiring, leftBehind } from '../../core/token/retirement.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { withoutRotations } from '../../core/token/deleted-secret.ts';
import {
  currentAgain,
  moveAttempt,
  openedAttempt,
  withAttempt,
  withCredential,
} from '../../core/token/transitions.ts';
import { recordedForRevocation } from '../../core/token/recorded-for-revocation.ts';
import { isSameCredential, withoutTwins } from '../../core/token/twins.ts';
import { telling } from '../../core/token/telling.ts';
import {
  notingHand,
  notingRotation,
  withoutValue,
  type RotationSeen,
} from '../../core/detection/manual-changes.ts';
import { isPin, isRotationFunction, isSetAside, markerPrefix, tokenIdOf } from '../../core/basics/names.ts';
import { labelsDigest } from '../../core/inventory/label-digest.ts';
import { unnoted } from '../../core/findings/reported-findings.ts';
import { currentEndedByForcedRevocation } from '../../core/revocation/forced-revocations.ts';
import { withKept } from '../../core/token/kept-versions.ts';
import { mayBeUnseen } from '../../core/token/staleness.ts';
import { SUSPECT_FOR } from '../../core/rotation/inspections.ts';
import { placeOf } from '../../core/secret-text/value-place.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { withReplicas } from '../../core/revocation/replica-waits.ts';
import { withoutAnswer } from '../../core/validity/validity.ts';
import type { ListedCredential } from '../../core/issuer/provider.ts';
import { accountsFor, liveCredentials } from '../../core/token/known-credentials.ts';
import { attemptOf, currentOf, credentialOf, isUnderWay } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';
import type { Registration } from '../../core/policy/tags.ts';
import {
  enrol,
  registeredFields,
  visibleCredentials,
  type Readable,
  type Registered,
} from '../rotation/enroll.ts';
import { noteCopies, noteReplaced, withdrawPermit } from '../revocation/permits.ts';
import { readingOnce } from '../inventory/read-once.ts';
import { holdsNothing, ifUnderstood, provenance, sealedProvenance } from '../rotation/provenance.ts';
import { clearPending, isPendingOver, requireVisible } from '../rotation/pending-version.ts';
import { isRegisteredHere, registered, versionWith } from '../inventory/registration.ts';
import { ATTEMPT_TIME } from '../rotation/lease-attempt.ts';
import { opened } from '../rotation/index.ts';
import { change, changeAsRead } from '../inventory/store.ts';
import { appearedAfter, clockHeard, pin, type Work } from '../open-token/context.ts';
import { clearSetAside } from './set-aside.ts';
import { takeValidity } from './check-validity.ts';
import { lookUpstream } from '../open-token/upstream.ts';

/**
 * Holds a token's record against Secrets Manager and its issuer, and brings it up to date; enrols a secret that has none. Kills nothing itself.
 * Resolves to the record; undefined where nothing is managed any more.
 * Errors: what keeps the secret from being managed; the record is then left as it was.
 */
export async function inspect(secretArn: string, by: string, ports: Ports): Promise<Loaded | undefined> {
  for (let tried = 1; ; tried++) {
    try {
      return await inspectOnce(secretArn, by, readingOnce(ports));
    } catch (error) {
      if (!(error instanceof KeyturnError && error.code === 'conflict') || tried >= TRIES) throw error;
    }
  }
}

/** Somebody changes the record while the secret is read: both are read again. */
const TRIES = 4;

async function inspectOnce(secretArn: string, by: string, ports: Ports): Promise<Loaded | undefined> {
  const tokenId = tokenIdOf(secretArn);
  const loaded = await ports.inventory.load(tokenId);
  const secret = await describeOrDetach(secretArn, loaded, by, ports);
  if (!secret || (loaded && isEnded(loaded.token) && !secret.rotationEnabled)) return undefined;
  const known =
    loaded && isEnded(loaded.token) && secret.deletedAt === undefined
      ? await takenBack(loaded, ports)
      : loaded;
  if (known) requireVisible(known.token, secret, ports);
  const registration = registered(secret, ports, known?.token.policy);
  const read = await readContents(secret, { registration, known }, ports);
  const target = await opened(secret, registration, ports);
  const rotation = rotationSeen(target, ports);
  const record = await change(read, ports, (token) =>
    withReplicas(
      notingRotation(unnoted(refreshed(token, target, ports.now()), 'secret-deleted'), rotation, ports.now()),
      secret.replicas,
      ports.now(),
    ),
  );
  const upstream = await lookUpstream(record, ports);
  const work: Work = { ...target, tokenId, record: upstream, by, open: async () => target.session };
  const owned = await adoptDangling(work, ports);
  await pinOld({ ...work, record: owned }, ports);
  await clearSetAside(work.secret, owned.token, ports);
  await noteGrace({ ...work, record: owned }, ports);
  return askIssuer({ ...work, record: owned }, ports);
}

/** Somebody switched its rotation on again: from here on it is looked after, and what keeps it from being managed is told. */
async function takenBack(record: Loaded, ports: Ports): Promise<Loaded> {
  await withdrawPermit(record.token.id, 'retirement', record.token.id, ports);
  return change(record, ports, ({ ending: _ending, detachedAt: _detached, ...token }) => token);
}

/** What Secrets Manager alone tells comes first and needs no issuer: which versions there are, and which values they hold. */
async function readContents(
  secret: SecretDescription,
  { registration, known }: { registration: Registration; known: Loaded | undefined },
  ports: Ports,
): Promise<Loaded> {
  const target: Readable = {
    secret,
    registration,
    place: placeOf(secret.tags, ports.issuers.provider(registration.provider).descriptor),
  };
  return known ? adoptWhatIsShown(target, known, ports) : enrol(target, ports);
}

/** Whether the value works is asked of the issuer with the value itself, also where it refuses the admin credential: then nothing else can be told. */
async function askIssuer(work: Work, ports: Ports): Promise<Loaded> {
  const since = ports.now();
  const listed = await listedNow(work);
  if (listed instanceof KeyturnError) {
    const probed = await takeValidity(work, { listed: undefined, since }, ports);
    if (listed.rule.who === 'issuer')
      await change(probed, ports, (token) => withoutAnswer(token, listed.message, ports.now()));
    throw listed;
  }
  const named = await identifyNameless(work, listed, ports);
  const searched = await lookForOrphanedCredentials({ ...work, record: named }, { listed, since }, ports);
  return takeValidity({ ...work, record: searched }, { listed, since }, ports);
}

/** An inspection follows every new current version: what it replaced has its grace from then on, whatever becomes of the record. What no version holds was replaced by none. Copies are held against the old ones that they may still give out. */
async function noteGrace({ tokenId, secret, record: { token } }: Work, ports: Ports): Promise<void> {
  const old = token.credentials.filter((one) => one.state === 'previous' && one.versionId !== undefined);
  if (old.length > 0)
    await noteReplaced(tokenId, { current: versionWith(secret, 'AWSCURRENT'), old, at: ports.now() }, ports);
  if (secret.replicas.length > 0 || (token.replicas ?? []).length > 0)
    await noteCopies(
      tokenId,
      { recorded: token.replicas ?? [], shown: secret.replicas, at: ports.now() },
      ports,
    );
}

async function listedNow(work: Work): Promise<ListedCredential[] | KeyturnError> {
  try {
    return await work.session.list();
  } catch (error) {
    if (error instanceof KeyturnError) return error;
    throw error;
  }
}

function rotationSeen(
  { secret, registration }: Registered,
  { installation }: Pick<Ports, 'installation'>,
): RotationSeen {
  const { rotationFunction } = secret;
  const isForeign =
    rotationFunction !== undefined &&
    !isRotationFunction(rotationFunction, installation, registration.provider);
  return { isOn: secret.rotationEnabled, foreign: isForeign ? rotationFunction : undefined };
}

/** Tags win over what was recorded; a token that was unusable, detached or ended is that no more. */
function refreshed(
  token: Token,
  { registration, session: { reach } }: Pick<Registered, 'registration' | 'session'>,
  now: number,
): Token {
  const usableSince = token.unusable === undefined ? token.usableSince : now;
  const next: Token = {
    ...token,
    ...registeredFields(registration, now, token),
    reach,
    unusable: undefined,
    usableSince,
    detachedAt: undefined,
    deletion: undefined,
    ...(isEnded(token) ? { ending: undefined } : {}),
  };
  return isDeepStrictEqual(withoutUndefined(next), withoutUndefined(token)) ? token : next;
}

function withoutUndefined(token: Token): object {
  return Object.fromEntries(Object.entries(token).filter(([, value]) => value !== undefined));
}

/** A secret that is gone, or not registered with this installation any more, leaves its record, detached: nothing is planned for it, and its history stays. */
async function describeOrDetach(
  secretArn: string,
  known: Loaded | undefined,
  by: string,
  ports: Ports,
): Promise<SecretDescription | undefined> {
  try {
    const secret = await ports.secrets.describe(secretArn);
    if (isRegisteredHere(secret, ports)) return secret;
    await detach(
      known,
      { why: 'the secret is not registered with this installation any more', isGone: false, by },
      ports,
    );
  } catch (error) {
    if (!(error instanceof KeyturnError && error.code === 'not-found')) throw error;
    await detach(known, { why: 'the secret is gone', isGone: true, by }, ports);
  }
  return undefined;
}

async function detach(
  known: Loaded | undefined,
  seen: { why: string; isGone: boolean; by: string },
  ports: Ports,
): Promise<void> {
  if (!known) return;
  const now = ports.now();
  if (mayBeUnseen(known.token.enrolledAt, now))
    throw new KeyturnError(
      'not-visible-yet',
      `Secrets Manager does not show the secret ${known.token.name} yet, which was enrolled just now.`,
    );
  await change(known, ports, (token) => {
    if (token.detachedAt !== undefined) return token;
    const deletion = seen.isGone ? { at: Math.min(token.deletion?.at ?? now, now), gone: true } : undefined;
    const left = seen.isGone ? withoutRotations(token, now) : token;
    if (isRetiring(token)) return { ...left, deletion };
    const detail = [seen.why, leftBehind(left)].filter((one) => one !== undefined).join('; ');
    return telling(
      { ...left, detachedAt: now, deletion },
      { what: 'detached', about: String(now), detail, by: seen.by, at: now },
    );
  });
}

/**
 * Labels moved by hand, by a rollback elsewhere, or since the table was restored: what they show becomes the record. Old credentials get a fresh grace.
 * While a rotation is under way it alone says which one is current; what nobody knows is held all the same.
 */
async function adoptWhatIsShown(target: Readable, record: Loaded, ports: Ports): Promise<Loaded> {
  const current = versionWith(target.secret, 'AWSCURRENT');
  const shown = await visibleCredentials(target, (version) => isOnRecord(record.token, version), ports);
  const isEmptied =
    current !== undefined &&
    !isOnRecord(record.token, current) &&
    !shown.some((seen) => seen.id === current) &&
    (await holdsNothing({ secretArn: target.secret.arn, versionId: current, place: target.place }, ports));
  const readAt = ports.now();
  const labels = labelsDigest(target.secret.versions);
  return changeAsRead(record, ports, (one) => {
    const added = shown.filter((seen) => !isOnRecord(one, seen.id));
    if (one.attempts.some(isUnderWay))
      return {
        ...one,
        readAt,
        labels,
        credentials: withKept(
          { ...one, credentials: [...one.credentials, ...added.map((seen) => held(seen, readAt))] },
          target.secret.versions,
          readAt,
        ).credentials,
      };
    if (isEmptied) return { ...withoutValue(one, current, readAt), readAt, labels };
    const inOrder = withKept(
      inStep(
        added.length === 0 ? one : { ...one, credentials: [...one.credentials, ...added] },
        current,
        readAt,
      ),
      target.secret.versions,
      readAt,
    );
    const credentials = withoutTwins(inOrder.credentials).map(withoutShown);
    const isUnchanged =
      credentials.length === one.credentials.length &&
      credentials.every((same, index) => same === one.credentials[index]);
    return isUnchanged
      ? { ...one, readAt, labels }
      : notingHand(one, { ...inOrder, credentials, readAt, labels }, readAt);
  });
}

function isOnRecord(token: Token, version: string): boolean {
  return (
    credentialOf(token, version) !== undefined ||
    token.attempts.some((one) => one.id === version && isUnderWay(one))
  );
}

/** Not current as long as a rotation is under way. */
function held(seen: Credential, now: number): Credential {
  if (seen.state !== 'current') return seen;
  const { promotedAt: _promoted, ...rest } = seen;
  return { ...rest, state: 'previous', supersededAt: now, shownCurrent: true };
}

/** Once no rotation is under way any more, whoever moves the label to it does so now. */
function withoutShown(one: Credential): Credential {
  if (one.shownCurrent === undefined) return one;
  const { shownCurrent: _shown, ...rest } = one;
  return rest;
}

/** A value the issuer could not name when it was adopted, as one that had not propagated yet, is asked about again. */
async function identifyNameless(
  work: Work,
  listed: readonly ListedCredential[],
  ports: Ports,
): Promise<Loaded> {
  let record = work.record;
  const nameless = liveCredentials(record.token).filter(
    (one) => one.handle === undefined && one.versionId !== undefined,
  );
  for (const one of nameless) {
    const proof = await ifUnderstood(
      provenance(
        { secretArn: work.secret.arn, versionId: one.id, place: work.place },
        { session: work.session, listed },
        ports,
      ),
    );
    const handle = proof?.handle;
    if (!proof || handle === undefined) continue;
    const { origin, expiresAt, createdAt, reach } = proof;
    record = await change(record, ports, (token) =>
      withCredential(token, one.id, (same) => ({
        ...same,
        handle,
        createdAt,
        origin,
        expiresAt: same.expiresAt ?? expiresAt,
        ...(same.reach === undefined && reach && { reach }),
      })),
    );
  }
  return record;
}

/** Makes exactly the version that AWSCURRENT names the current generation. */
function inStep(token: Token, current: string | undefined, now: number): Token {
  if (
    current === undefined ||
    (currentOf(token)?.id === current &&
      token.credentials.filter((one) => one.state === 'current').length === 1)
  )
    return token;
  const shown = credentialOf(token, current);
  if (!shown || currentEndedByForcedRevocation(token)?.id === current) return token;
  const before = currentOf(token);
  if (before && before.id !== current && isSameCredential(before, shown))
    return storedAgain(token, before, current);
  const credentials = token.credentials.map((one): Credential => {
    if (one.id === current) return currentAgain(one, now);
    return one.state === 'current' ? { ...one, state: 'previous', supersededAt: now } : one;
  });
  // What the issuer and a health signal said was said of another credential than the one that is current now.
  const { refusedSince: _refused, ...rest } = token;
  const known = token.withdrawn?.credentialId === current ? { ...rest, withdrawn: undefined } : rest;
  return { ...known, credentials };
}

/** The same credential under another version: it is as old as it was. */
function storedAgain(token: Token, before: Credential, current: string): Token {
  const others = token.credentials.filter((one) => one.id !== before.id && one.id !== current);
  return { ...token, credentials: [...others, { ...before, id: current, versionId: current }] };
}

/** An AWSPENDING that no attempt names blocks every rotation: it gets an attempt, whose deadline then clears it. An aborted one that came back is aborted again. One with the current value belongs to a rotation that only tests. */
async function adoptDangling(work: Work, ports: Ports): Promise<Loaded> {
  const pending = versionWith(work.secret, 'AWSPENDING');
  if (pending === undefined || pending === versionWith(work.secret, 'AWSCURRENT')) return work.record;
  if (isPendingOver(work.record.token, pending)) {
    await clearPending(work.secret.arn, pending, ports);
    return work.record;
  }
  if (attemptOf(work.record.token, pending))
    return change(work.record, ports, (token) => moveAttempt(token, pending, 'abort-again', { tidy: false }));
  const proof = await ifUnderstood(
    sealedProvenance({ secretArn: work.secret.arn, versionId: pending, place: work.place }, ports),
  );
  if (proof && (await isOfTest(work, proof, ports))) return work.record;
  const now = ports.now();
  // Only our seal tells that a value is ours: any other was put there by somebody, and no rotation uses it.
  const ours = proof?.origin === 'minted' ? proof : undefined;
  const mint = {
    at: now,
    ...(ours && { fingerprint: ours.fingerprint }),
    ...(ours?.handle !== undefined && { handle: ours.handle }),
  };
  return change(work.record, ports, (token) => {
    if (attemptOf(token, pending)) return token;
    const opened = openedAttempt(token, {
      id: pending,
      cause: 'console',
      openedAt: now,
      deadline: now + ATTEMPT_TIME,
    });
    return withAttempt(opened, pending, (attempt) => ({ ...attempt, mints: [mint] }));
  });
}

/** A rotation that only tests makes a pending version with the current value and takes it away again. One that stayed gets in the way of the next rotation. */
async function isOfTest(work: Work, pending: { fingerprint: string }, ports: Ports): Promise<boolean> {
  const current = versionWith(work.secret, 'AWSCURRENT');
  if (current === undefined || work.record.token.lastError?.code === 'conflict') return false;
  const held = await sealedProvenance(
    { secretArn: work.secret.arn, versionId: current, place: work.place },
    ports,
  );
  return held?.fingerprint === pending.fingerprint;
}

async function pinOld(work: Work, ports: Ports): Promise<void> {
  const old = liveCredentials(work.record.token).filter(
    (one) => one.state === 'previous' && one.versionId !== undefined,
  );
  for (const one of old) {
    const labels = work.secret.versions.get(one.id);
    if (labels && !labels.some((label) => isPin(label) || isSetAside(label)))
      await pin(work.secret, one.id, ports);
  }
}

/** A credential of this token that no record names is suspect at the first look and doomed at a second one, an hour later. */
async function lookForOrphanedCredentials(
  work: Work,
  { listed, since }: { listed: readonly ListedCredential[]; since: number },
  ports: Ports,
): Promise<Loaded> {
  const now = ports.now();
  const isComplete = await ports.inventory.isComplete();
  return change(work.record, ports, (token) => {
    if (token.attempts.some((one) => isUnderWay(one) || one.tidy !== true)) return token;
    const heard = { ...token, issuerClock: clockHeard(token, work.session.reach, since, ports) };
    const strange = lostCredentials(
      listed.filter((one) => one.active && !accountsFor(heard, one)),
      heard,
      work,
      ports,
    );
    const suspects = strange.map(
      (one) => token.suspects.find((old) => old.handle === one.handle) ?? { handle: one.handle, seenAt: now },
    );
    const lost = isComplete ? suspects.filter((one) => now - one.seenAt >= SUSPECT_FOR) : [];
    const doing = lost.reduce(
      (one, orphanedCredential) =>
        recordedForRevocation(one, {
          at: now,
          handle: orphanedCredential.handle,
          createdAt: listed.find((seen) => seen.handle === orphanedCredential.handle)?.createdAt,
          reach: work.session.reach,
          origin: 'found',
          neverCurrent: false,
          reason: 'live at the issuer, and no secret names it',
        }),
      token,
    );
    return sameSuspects(token, suspects) && lost.length === 0
      ? token
      : { ...doing, suspects: suspects.filter((one) => !lost.includes(one)) };
  });
}

function sameSuspects(token: Token, suspects: Token['suspects']): boolean {
  return (
    token.suspects.length === suspects.length &&
    suspects.every((one) => token.suspects.some((old) => old.handle === one.handle))
  );
}

/** Our marker makes a stray, or, in an account that is ours alone, having appeared where a mint of ours was never answered. Other strangers stop the next mint: nobody can tell whose they are. */
function lostCredentials(
  unknown: readonly ListedCredential[],
  token: Token,
  work: Work,
  ports: Ports,
): ListedCredential[] {
  const prefix = markerPrefix(ports.installation, work.secret.arn);
  const unanswered = token.attempts.flatMap((attempt) =>
    attempt.mints.filter((mint) => mint.before !== undefined && mint.handle === undefined),
  );
  const appeared = unknown.filter((one) =>
    unanswered.some((mint) => appearedAfter(mint, one, token.issuerClock)),
  );
  return appeared.length > unanswered.length
    ? unknown.filter((one) => one.name?.startsWith(prefix))
    : unknown.filter((one) => one.name?.startsWith(prefix) === true || appeared.includes(one));
}
