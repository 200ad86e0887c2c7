import { KeyturnError } from '../../core/basics/errors.ts';
import { askedExpiry } from '../../core/policy/lifetime-limits.ts';
import { answeredMint, fingerprintedMint, withAttempt } from '../../core/token/transitions.ts';
import {
  NOT_STORED,
  lostMintText,
  nextMintAt,
  storable,
  wantsStoreTest,
} from '../../core/rotation/lost-creations.ts';
import { adminSecretOf, markerOf } from '../../core/basics/names.ts';
import { nextText } from '../../core/secret-text/next-text.ts';
import { parsePayload, type Payload } from '../../core/secret-text/secret-text.ts';
import { notedPlace } from '../../core/secret-text/value-place.ts';
import { faultOf, lengthOf, requireStorable } from '../../core/secret-text/storable.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { ChoosingSession, Minted, MintingSession } from '../../core/issuer/provider.ts';
import { Secret } from '../../core/basics/secret.ts';
import { MOST_LIVE, limitText, ownCredentials, slotsLeft } from '../../core/rotation/next-rotation.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { TAGS } from '../../core/policy/tags.ts';
import { DAY, type Millis } from '../../core/basics/time.ts';
import type { Mint } from '../../core/token/attempt.ts';
import { accountsFor, type Token } from '../../core/token/token.ts';
import { fingerprintOf, sealOf, sealedProvenance } from './provenance.ts';
import { versionWith } from '../inventory/registration.ts';
import { change, reasonOf } from '../inventory/store.ts';
import {
  accountable,
  attemptIn,
  endGrace,
  giveUpMade,
  leaseAttempt,
  releasing,
  requireHeld,
  requireNoted,
  type Step,
} from './context.ts';

/** One attempt mints at most this often; more would hide a fault behind a pile of lost credentials. */
const MOST_MINTS = 3;

/** The first step: makes the new credential and stores it as AWSPENDING, or finds that an earlier run did. */
export async function createSecret(step: Step, ports: Ports): Promise<void> {
  const record = await leaseAttempt(step, ports);
  const stored = await sealedProvenance(
    { secretArn: step.secret.arn, versionId: step.event.requestToken, place: step.place },
    ports,
  );
  if (stored) return confirmStored(step, record, stored, ports);
  await requireKept(step, record.token, ports);
  await requireRoom(step, record.token, ports);
  const previous = await previousPayload(step, ports);
  const session = step.session;
  // What could not be sent there was not made there: nothing of it is noted, and nothing is looked for later.
  await ports.issuers.requireTrusted(session.reach.host);
  if (session.kind === 'minting') await mintAndStore(step, { record, session, previous }, ports);
  else await chooseAndStore(step, { record, session, previous }, ports);
}

/** A stored value is good when this attempt noted it; anybody else's value cannot be overwritten, so the attempt is given up. */
async function confirmStored(
  step: Step,
  record: Loaded,
  stored: { fingerprint: string },
  ports: Ports,
): Promise<void> {
  await requireNoted(step, record.token, stored.fingerprint, ports);
  await change(record, ports, releasing(step));
}

/** Nothing is made where the last credential could not be kept and nothing shows that its cause is over. */
async function requireKept(step: Step, token: Token, ports: Ports): Promise<void> {
  const made = attemptIn(token, step).mints.find((mint) => mint.handle !== undefined && mint.trial !== true);
  if (made)
    await giveUpMade(
      step,
      new KeyturnError(
        NOT_STORED,
        `The rotation function of ${step.secret.name} ended before it had stored the credential that it made.`,
      ),
      ports,
    );
  if (token.lostMint === undefined) return;
  const next = nextMintAt(token);
  const isClosed =
    next > ports.now() || (wantsStoreTest(token) && (await testStore(step, ports)) === 'refused');
  if (isClosed)
    await endGrace(
      step,
      new KeyturnError(NOT_STORED, lostMintText(step.secret.name, token.lostMint, next)),
      ports,
    );
}

/**
 * All that storing needs is tried with a text that means nothing: the keys of the seals, and a version of the secret. A version that is made while a rotation runs ends that rotation
 * (Secrets Manager User Guide, "Log entries", RotationAbandoned): this one has done its part, and the next one makes the credential.
 * The first version of a secret would become AWSCURRENT by itself (API reference, "PutSecretValue"), so that there nothing is tried. Error: `rotation-aborted`.
 */
async function testStore(step: Step, ports: Ports): Promise<'refused' | 'untested'> {
  const current = versionWith(step.secret, 'AWSCURRENT');
  const text = current === undefined ? undefined : await ports.secrets.read(step.secret.arn, current);
  try {
    await fingerprintOf(new Secret('-'), ports);
    if (text === undefined) return 'untested';
    await ports.secrets.tryStore(step.secret.arn, ports.uuid(), lengthOf(text));
  } catch (error) {
    ports.log.warn('the secret takes no version', { tokenId: step.tokenId, reason: reasonOf(error) });
    return 'refused';
  }
  await change(step.tokenId, ports, (one) =>
    storable(releasing(step, (attempt) => ({ ...attempt, dead: true, halted: true }))(one), ports.now()),
  );
  throw new KeyturnError(
    'rotation-aborted',
    `The rotation ${step.event.requestToken} of ${step.secret.name} has shown that the secret takes a version again; the next one makes the credential.`,
  );
}

async function requireRoom(step: Step, token: Token, ports: Ports): Promise<void> {
  const attempt = attemptIn(token, step);
  if (attempt.mints.length >= MOST_MINTS)
    await endGrace(
      step,
      new KeyturnError(
        'new-credential-rejected',
        `${MOST_MINTS} credentials were made for ${step.secret.name} and none could be stored.`,
      ),
      ports,
    );
  // Nothing is stored yet, so whatever this attempt minted before may live on, lost, until the attempt is settled.
  const { descriptor } = ports.issuers.provider(token.provider);
  const onTrial = adminSecretOf(token.name) === undefined ? 0 : 1;
  const mayLive =
    ownCredentials(token, descriptor, ports.now()).length +
    onTrial +
    (step.session.kind === 'minting' ? attempt.mints.length : 0);
  if (
    mayLive >= MOST_LIVE ||
    slotsLeft({ ...token, reach: step.session.reach }, descriptor, ports.now()) <= 0
  )
    throw new KeyturnError(
      'credential-limit-reached',
      `No further credential of ${step.secret.name} is made: ${limitText(descriptor)}.`,
    );
}

/** What the next version is made from. Errors: `secret-invalid` where nothing could be made of it, or what is made could not be stored. */
async function previousPayload(step: Step, ports: Ports): Promise<Payload> {
  const current = versionWith(step.secret, 'AWSCURRENT');
  const text = current === undefined ? undefined : await ports.secrets.read(step.secret.arn, current);
  const payload = parsePayload(text ?? new Secret(''), step.place);
  requireStorable(payload, ports.issuers.provider(step.registration.provider).descriptor);
  return payload;
}

async function mintAndStore(
  step: Step,
  made: { record: Loaded; session: MintingSession; previous: Payload },
  ports: Ports,
): Promise<void> {
  const { session, previous } = made;
  const { token } = made.record;
  requireWithin(token, session.scopes);
  const versionId = step.event.requestToken;
  const at = ports.now();
  const before = await handlesBefore(step, token, ports);
  const { reach } = session;
  const noted = await noteMint(step, made.record, { at, before, reach }, ports);
  const minted = await session.mint({
    marker: markerOf(ports.installation, step.secret.arn, versionId),
    expiresAt: askedExpiry(at, token.policy, ports.issuers.provider(token.provider).descriptor.expiry),
  });
  const answer = {
    handle: minted.handle,
    createdAt: minted.createdAt,
    expiresAt: minted.expiresAt,
    scopes: minted.scopes,
  };
  const answered = await change(noted, ports, (one) =>
    withAttempt(one, versionId, (attempt) => accountable(answeredMint(attempt, answer))),
  );
  const kept = await keeping(step, ports, async () => {
    const fingerprint = await fingerprintOf(minted.value, ports);
    const known = await change(answered, ports, (one) =>
      withAttempt(one, versionId, (attempt) =>
        accountable(fingerprintedMint(attempt, minted.handle, fingerprint)),
      ),
    );
    requireHeld(attemptIn(known.token, step), step);
    requireAsAsked(step, minted);
    requireAsAllowed(step, known.token, {
      scopes: minted.scopes,
      life: minted.expiresAt === undefined ? undefined : minted.expiresAt - at,
    });
    await store(
      step,
      { previous, value: minted.value, fields: minted.fields, mint: { at, reach, ...answer, fingerprint } },
      ports,
    );
    return known;
  });
  await change(kept, ports, releasing(step));
}

/** From the answer of the issuer on, whatever fails leaves a credential that nobody will use: the attempt is given up at once, and the cause is kept. */
async function keeping<T>(step: Step, ports: Ports, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const known =
      error instanceof KeyturnError
        ? error
        : new KeyturnError('aws-failed', `The new credential of ${step.secret.name} could not be stored.`, {
            cause: error,
          });
    if (known.code === 'rotation-aborted' || known.code === 'rotation-in-progress') throw known;
    const isOfIssuer =
      known.code === 'new-credential-rejected' ||
      known.code === 'not-granted' ||
      known.code === 'issuer-response-invalid';
    return giveUpMade(
      step,
      isOfIssuer ? known : new KeyturnError(NOT_STORED, known.message, { cause: known }),
      ports,
    );
  }
}

/** A credential that was made otherwise than asked is on record by now: it is given up, and revoked when the attempt is settled. */
function requireAsAsked(step: Step, { differs }: Minted): void {
  if (differs !== undefined)
    throw new KeyturnError(
      'new-credential-rejected',
      `The issuer made a credential for ${step.secret.name} with ${differs}, not as it was asked to; it is given up.`,
    );
}

/** Where an issuer keeps dates, the life that was asked for is rounded up to the next one. */
const ROUNDED_BY = DAY;

/** What the issuer made may be allowed no more, and live no longer, than the policy says; else it is given up, and revoked when the attempt is settled. */
function requireAsAllowed(
  step: Step,
  token: Token,
  made: { scopes: readonly string[] | undefined; life: Millis | undefined },
): void {
  const { policy } = token;
  const wide = scopesBeyond(policy, made.scopes);
  if (wide.length > 0)
    throw new KeyturnError(
      'not-granted',
      `The new credential of ${step.secret.name} is allowed ${wide.join(' ')}, which its policy does not allow.`,
    );
  if (
    policy.maxLifetime !== undefined &&
    made.life !== undefined &&
    made.life > policy.maxLifetime + ROUNDED_BY
  )
    throw new KeyturnError(
      'not-granted',
      `The new credential of ${step.secret.name} would live longer than its policy allows.`,
    );
}

/** Nothing is made whose grant is wider than the policy. Error: `not-granted`. */
function requireWithin(token: Token, scopes: readonly string[] | undefined): void {
  const wide = scopesBeyond(token.policy, scopes);
  if (wide.length > 0)
    throw new KeyturnError(
      'not-granted',
      `The grant of ${token.name} has the scopes ${wide.join(' ')}, which its policy does not allow: narrow the grant, or widen the tag ${TAGS.scopes}.`,
    );
}

function scopesBeyond({ scopes: allowed }: Policy, scopes: readonly string[] | undefined): string[] {
  return allowed === undefined || scopes === undefined
    ? []
    : scopes.filter((scope) => !allowed.includes(scope));
}

/** Where a lost credential is found by what the account had before, the account must hold nothing that Keyturn does not know. */
async function handlesBefore(step: Step, token: Token, ports: Ports): Promise<string[] | undefined> {
  if (ports.descriptor(token.provider)?.lostMint !== 'by-exclusive-principal') return undefined;
  const active = (await step.session.list()).filter((one) => one.active);
  const unanswered = token.attempts.some(
    (attempt) => attempt.tidy !== true && attempt.mints.some((mint) => mint.handle === undefined),
  );
  const strange = active.filter(
    (found) => !accountsFor(token, found) && !token.suspects.some((one) => one.handle === found.handle),
  );
  if (strange.length > 0 && !unanswered)
    throw new KeyturnError(
      'principal-shared',
      `The account ${step.session.account} holds ${strange.length} credentials that Keyturn does not know; it must be Keyturn's alone.`,
    );
  return active.map((one) => one.handle);
}

function noteMint(step: Step, record: Loaded, mint: Mint, ports: Ports): Promise<Loaded> {
  return change(record, ports, (token) => {
    requireHeld(attemptIn(token, step), step);
    return withAttempt(token, step.event.requestToken, (attempt) => ({
      ...attempt,
      mints: [...attempt.mints, mint],
    }));
  });
}

async function chooseAndStore(
  step: Step,
  made: { record: Loaded; session: ChoosingSession; previous: Payload },
  ports: Ports,
): Promise<void> {
  const chosen = made.session.choose(ports.random);
  const fingerprint = await fingerprintOf(chosen.value, ports);
  const mint = { at: ports.now(), fingerprint, reach: made.session.reach, unsent: true };
  const record = await noteMint(step, made.record, mint, ports);
  await store(step, { previous: made.previous, value: chosen.value, fields: chosen.fields, mint }, ports);
  await change(record, ports, releasing(step));
}

async function store(
  step: Step,
  made: {
    previous: Payload;
    value: Secret;
    fields: Readonly<Record<string, string>> | undefined;
    mint: Mint & { fingerprint: string };
  },
  ports: Ports,
): Promise<void> {
  const { handle, fingerprint, at, expiresAt, reach } = made.mint;
  const seal = await sealOf(
    { secretArn: step.secret.arn, versionId: step.event.requestToken, handle, fingerprint, reach },
    ports,
  );
  const stamp = {
    mintedAt: at,
    seal,
    ...(reach && { reach }),
    ...notedPlace(step.place),
    ...(handle === undefined ? {} : { handle }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
  const text = nextText(made.previous, {
    value: made.value,
    stamp,
    ...(made.fields ? { fields: made.fields } : {}),
  });
  const fault = faultOf(text, made.value, step.place);
  if (fault !== undefined)
    throw new KeyturnError(
      'issuer-response-invalid',
      `The issuer of ${step.secret.name} ${fault}; the token was given up.`,
    );
  await putOnce(step, text, ports);
}

/** Whether a call without a clear answer took effect the version itself tells. */
async function putOnce(step: Step, text: Secret, ports: Ports): Promise<void> {
  const { secret, event } = step;
  try {
    await ports.secrets.putPending(secret.arn, event.requestToken, text, event.rotationToken);
  } catch (error) {
    const held = await ports.secrets.read(secret.arn, event.requestToken).catch(() => undefined);
    if (held?.equals(text) !== true) throw error;
  }
}
