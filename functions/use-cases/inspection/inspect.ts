import { isEnded } from '../../core/token/retirement.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { notingRotation, type RotationSeen } from '../../core/detection/manual-changes.ts';
import { isPin, isRotationFunction, isSetAside, tokenIdOf } from '../../core/basics/names.ts';
import { unnoted } from '../../core/findings/reported-findings.ts';
import { placeOf } from '../../core/secret-text/value-place.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { withReplicas } from '../../core/revocation/replica-waits.ts';
import { withoutAnswer } from '../../core/validity/validity.ts';
import { listOf, type ListedCredential } from '../../core/issuer/provider.ts';
import { liveCredentials } from '../../core/token/known-credentials.ts';
import type { Registration } from '../../core/policy/read-tags.ts';
import { enrol, type Readable, type Registered } from '../rotation/enroll.ts';
import { refreshed } from './refreshed.ts';
import { noteCopies, noteReplaced, withdrawPermit } from '../revocation/permits.ts';
import { readingOnce } from '../inventory/read-once.ts';
import { requireVisible } from '../rotation/pending-version.ts';
import { withSubmitted } from '../../core/rotation/submissions.ts';
import { registered, versionWith } from '../inventory/registration.ts';
import { opened } from '../rotation/index.ts';
import { change } from '../inventory/store.ts';
import { pin, type Work } from '../open-token/context.ts';
import { clearSetAside } from './set-aside.ts';
import { takeValidity } from './check-validity.ts';
import { lookUpstream } from '../open-token/upstream.ts';
import { describeOrDetach } from './describe-or-detach.ts';
import { adoptWhatIsShown } from './adopt-versions.ts';
import { identifyNameless } from './identify-nameless.ts';
import { adoptDangling } from './adopt-pending.ts';
import { lookForOrphanedCredentials } from './orphaned-credentials.ts';

/**
 * Holds a token's record against Secrets Manager and its issuer, and brings it up to date; enrols a secret
 * that has none. Revokes nothing itself. Resolves to the record; undefined where nothing is managed any more.
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
  const submitted = target.session.kind === 'submitted' ? secret.submitted : undefined;
  const record = await change(read, ports, (token) =>
    withReplicas(
      notingRotation(
        unnoted(
          withSubmitted(refreshed(token, target, ports.now()), submitted, ports.now()),
          'secret-deleted',
        ),
        rotation,
        ports.now(),
      ),
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

/**
 * Somebody switched its rotation on again: from here on it is looked after, and what keeps it from being
 * managed is told.
 */
async function takenBack(record: Loaded, ports: Ports): Promise<Loaded> {
  await withdrawPermit(record.token.id, 'retirement', record.token.id, ports);
  return change(record, ports, ({ ending: _ending, detachedAt: _detached, ...token }) => token);
}

/**
 * What Secrets Manager alone tells comes first and needs no issuer: which versions there are, and which
 * values they hold.
 */
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

/**
 * Whether the value works is asked of the issuer with the value itself, also where it refuses the admin
 * credential: then nothing else can be told.
 */
async function askIssuer(asked: Work, ports: Ports): Promise<Loaded> {
  const since = ports.now();
  const listed = await listedNow(asked);
  const isLasting = listed instanceof KeyturnError && !listed.rule.retry;
  const work = isLasting ? asked : { ...asked, record: await usableAgain(asked.record, ports) };
  if (listed instanceof KeyturnError) {
    const probed = await takeValidity(work, { listed: undefined, since }, ports);
    if (listed.rule.who === 'issuer')
      await change(probed, ports, (token) => withoutAnswer(token, listed.message, ports.now()));
    throw listed;
  }
  const named = await identifyNameless(work, listed ?? [], ports);
  const searched = listed
    ? await lookForOrphanedCredentials({ ...work, record: named }, { listed, since }, ports)
    : named;
  return takeValidity({ ...work, record: searched }, { listed, since }, ports);
}

/**
 * An inspection follows every new current version: what it replaced has its grace from then on, whatever
 * becomes of the record. What no version holds was replaced by none. Copies are held against the old ones
 * that they may still give out.
 */
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

async function listedNow(work: Work): Promise<ListedCredential[] | KeyturnError | undefined> {
  try {
    return await listOf(work.session);
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

/** What kept the secret from being managed is over only now: the issuer answers, or will by itself. */
function usableAgain(record: Loaded, ports: Ports): Promise<Loaded> {
  return change(record, ports, (token) =>
    token.unusable === undefined ? token : { ...token, unusable: undefined, usableSince: ports.now() },
  );
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
