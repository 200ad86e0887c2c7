import { KeyturnError } from '../../core/basics/errors.ts';
import { askedExpiry } from '../../core/policy/lifetime-limits.ts';
import { answeredMint, fingerprintedMint } from '../../core/token/mint-notes.ts';
import { withAttempt } from '../../core/token/transitions.ts';
import { NOT_STORED } from '../../core/rotation/lost-creations.ts';
import { markerOf } from '../../core/basics/names.ts';
import { parsePayload, type Payload } from '../../core/secret-text/secret-text.ts';
import { requireStorable } from '../../core/secret-text/storable.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { ChoosingSession, MintingSession } from '../../core/issuer/provider.ts';
import { Secret } from '../../core/basics/secret.ts';
import { accountsFor } from '../../core/token/known-credentials.ts';
import type { Token } from '../../core/token/token.ts';
import { fingerprintOf, sealedProvenance } from './provenance.ts';
import { versionWith } from '../inventory/registration.ts';
import { change } from '../inventory/store.ts';
import { accountable } from './noted-value.ts';
import { attemptIn, type Step } from './step.ts';
import { giveUpMade } from './give-up.ts';
import { noteMint } from './note-mint.ts';
import { leaseAttempt, releasing, requireHeld } from './lease-attempt.ts';
import { requireKept, requireRoom } from './may-create.ts';
import { confirmStored } from './confirm-stored.ts';
import { requireAsAsked, requireAsAllowed, requireWithin } from './as-asked.ts';
import { chosenSlot, requireUnclaimed } from './named-slot.ts';
import { makeSecond } from './make-second.ts';
import { store } from './store-pending.ts';
import { requireOverlapWord } from './overlap-word.ts';
import type { ReplaceValue } from './replace-value.ts';
import { takeSubmitted } from './submitted-value.ts';

/** The first step: makes the new credential and stores it as AWSPENDING, or finds that an earlier run did. */
export async function createSecret(
  step: Step,
  ports: Ports & { readonly replaceValue: ReplaceValue },
): Promise<void> {
  const record = await leaseAttempt(step, ports);
  const stored = await sealedProvenance(
    { secretArn: step.secret.arn, versionId: step.event.requestToken, place: step.place },
    ports,
  );
  if (stored) return confirmStored(step, record, stored, ports);
  if (step.session.kind === 'replacing') await requireOverlapWord(step, record.token, ports);
  // What people create is not lost with a rotation that ends before it is stored.
  if (step.session.kind !== 'submitted') await requireKept(step, record.token, ports);
  await requireRoom(step, record.token, ports);
  const previous = await previousPayload(step, ports);
  const session = step.session;
  // What could not be sent there was not made there: nothing of it is noted, and nothing is looked for later.
  await ports.issuers.requireTrusted(session.reach.host);
  switch (session.kind) {
    case 'minting':
      return mintAndStore(step, { record, session, previous }, ports);
    case 'choosing':
      return chooseAndStore(step, { record, session, previous }, ports);
    case 'submitted':
      return takeSubmitted(step, { record, session, previous }, ports);
    case 'paired':
      return makeSecond(step, { record, session, previous }, ports);
    case 'replacing':
      return ports.replaceValue(step, { record, session, previous }, ports);
  }
}

/**
 * What the next version is made from. Errors: `secret-invalid` where nothing could be made of it, or what is
 * made could not be stored.
 */
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
  const before = await handlesBefore(session, token, ports);
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

/**
 * From the answer of the issuer on, whatever fails leaves a credential that no consumer will use: the attempt
 * is given up at once, and the cause is kept.
 */
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

/**
 * Where a lost credential is found by what the account had before, the account must hold nothing that Keyturn
 * does not know.
 */
async function handlesBefore(
  session: MintingSession,
  token: Token,
  ports: Ports,
): Promise<string[] | undefined> {
  if (ports.descriptor(token.provider)?.found !== 'exclusive') return undefined;
  const active = (await session.list()).filter((one) => one.active);
  const unanswered = token.attempts.some(
    (attempt) => attempt.tidy !== true && attempt.mints.some((mint) => mint.handle === undefined),
  );
  const strange = active.filter(
    (found) => !accountsFor(token, found) && !token.suspects.some((one) => one.handle === found.handle),
  );
  if (strange.length > 0 && !unanswered)
    throw new KeyturnError(
      'principal-shared',
      `The account ${session.account} holds ${strange.length} credentials that Keyturn does not ` +
        `know; it must be Keyturn's alone.`,
    );
  return active.map((one) => one.handle);
}

async function chooseAndStore(
  step: Step,
  made: { record: Loaded; session: ChoosingSession; previous: Payload },
  ports: Ports,
): Promise<void> {
  const slot = await chosenSlot(step, made, ports);
  const chosen = made.session.choose(ports.random, slot);
  const fingerprint = await fingerprintOf(chosen.value, ports);
  const { reach } = made.session;
  const mint = { at: ports.now(), fingerprint, reach, unsent: true, ...(slot !== undefined && { slot }) };
  const record = await noteMint(step, made.record, mint, ports);
  await requireUnclaimed(step, slot, ports);
  await store(step, { previous: made.previous, value: chosen.value, fields: chosen.fields, mint }, ports);
  await change(record, ports, releasing(step));
}
