import { KeyturnError } from '../../core/basics/errors.ts';
import { SUBMITTED_LABEL } from '../../core/basics/names.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { handleOfValue } from '../../core/issuer/identity.ts';
import type { Shown, SubmittedSession } from '../../core/issuer/provider.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { SEEN_WITHIN, faultOfSubmission } from '../../core/rotation/submissions.ts';
import { parsePayload, type Payload } from '../../core/secret-text/secret-text.ts';
import { placeOf } from '../../core/secret-text/value-place.ts';
import type { Attempt } from '../../core/token/attempt.ts';
import { attemptOf, currentOf } from '../../core/token/lookups.ts';
import { answeredMint } from '../../core/token/mint-notes.ts';
import type { Token } from '../../core/token/token.ts';
import { withAttempt } from '../../core/token/transitions.ts';
import { change } from '../inventory/store.ts';
import { endGrace } from './give-up.ts';
import { releasing, requireHeld } from './lease-attempt.ts';
import { accountable } from './noted-value.ts';
import { fingerprintOf, ifUnderstood, type Provenance } from './provenance.ts';
import { attemptIn, type Step } from './step.ts';
import { store } from './store-pending.ts';

/**
 * The version with the value that a person submitted for a token, where only people create its values;
 * undefined for any other token, and where the attempt has begun already. Error: `bad-request` where none was
 * submitted.
 */
export async function submittedFor(
  tokenId: string,
  attemptId: string,
  ports: Ports,
): Promise<Token['submitted']> {
  const token = (await ports.inventory.load(tokenId))?.token;
  const byPerson = token && ports.descriptor(token.provider)?.byPerson;
  if (!token || !byPerson || attemptOf(token, attemptId)) return undefined;
  const { submitted } = await ports.secrets.describe(token.secretArn);
  if (submitted !== undefined) return { versionId: submitted, at: ports.now() };
  throw new KeyturnError(
    'bad-request',
    `Only a person can create a value for ${token.name}: create one at ${byPerson.link}, then run ` +
      `\`keyturn rotate ${token.name} --value-stdin\`.`,
  );
}

interface Taken {
  readonly record: Loaded;
  readonly session: SubmittedSession;
  readonly previous: Payload;
}

/**
 * Copies the value that a person submitted into the pending version, once its issuer says that it is what the
 * grant and the policy want. What is refused is left as it is at its issuer, and the current value goes on.
 */
export async function takeSubmitted(step: Step, taken: Taken, ports: Ports): Promise<void> {
  const { record, session, previous } = taken;
  const { token } = record;
  const versionId = step.secret.submitted;
  const text = versionId === undefined ? undefined : await ports.secrets.read(step.secret.arn, versionId);
  if (versionId === undefined || !text) return withoutValue(step, token, ports);
  const value = await valueIn(step, text, ports);
  if (!value) return refuse(step, versionId, 'its text is not understood: submit the bare value', ports);
  const fingerprint = await fingerprintOf(value, ports);
  if (currentOf(token)?.fingerprint === fingerprint) {
    await dropLabel(step.secret.arn, versionId, ports);
    return withoutValue(step, withoutSubmitted(token), ports);
  }
  const shown = await askedAbout(step, { session, value }, ports);
  const used = await whereUsed(token, fingerprint, ports);
  const expected = {
    account: session.reach.account,
    scopes: session.scopes,
    policy: token.policy,
    now: ports.now(),
  };
  const fault = used ?? faultOfSubmission(shown, expected);
  if (fault !== undefined) return refuse(step, versionId, fault, ports);
  const told = shown.outcome === 'active' ? { expiresAt: shown.expiresAt, scopes: shown.scopes } : {};
  const mint = { at: ports.now(), fingerprint, reach: session.reach, ...told };
  const noted = await change(record, ports, (one) => {
    requireHeld(attemptIn(one, step), step);
    return withAttempt(one, step.event.requestToken, (attempt) => withMint(attempt, mint));
  });
  const handle = handleOfValue(session.account, fingerprint);
  await store(step, { previous, value, fields: undefined, mint: { ...mint, handle } }, ports);
  const done = releasing(step, submittedMint({ handle, fingerprint }));
  await change(noted, ports, (one) => withoutSubmitted(done(one)));
  await dropLabel(step.secret.arn, versionId, ports);
}

/** Error: `issuer-unreachable` where the issuer says neither yes nor no. */
async function askedAbout(
  step: Step,
  { session, value }: { readonly session: SubmittedSession; readonly value: Secret },
  ports: Pick<Ports, 'issuers'>,
): Promise<Exclude<Shown, { readonly outcome: 'unknown' }>> {
  await ports.issuers.requireTrusted(session.reach.host);
  const shown = await session.ask(value);
  if (shown.outcome !== 'unknown') return shown;
  throw new KeyturnError(
    'issuer-unreachable',
    `The issuer of ${step.secret.name} could not be asked about the value that was submitted: ` +
      shown.reason,
  );
}

/** Notes which credential the stored value is. */
export function submittedMint({
  handle,
  fingerprint,
}: Pick<Provenance, 'handle' | 'fingerprint'>): (attempt: Attempt) => Attempt {
  return (attempt) =>
    handle === undefined ? attempt : accountable(answeredMint(attempt, { handle, fingerprint }));
}

/** A second run finds the value that the first one noted. Nothing was asked of the issuer for it. */
function withMint(attempt: Attempt, mint: Attempt['mints'][number]): Attempt {
  const isKnown = attempt.mints.some((one) => one.fingerprint === mint.fingerprint);
  return isKnown ? attempt : { ...attempt, mints: [...attempt.mints, { ...mint, unsent: true }] };
}

/** Bare, or in the provider's own field: a person stored it, whatever the text of the secret is like. */
async function valueIn(step: Step, text: Secret, ports: Ports): Promise<Secret | undefined> {
  const { descriptor } = ports.issuers.provider(step.registration.provider);
  const read = async (): Promise<Payload> => parsePayload(text, placeOf(new Map(), descriptor));
  return (await ifUnderstood(read()))?.value;
}

/** Why a value that is on record already is no new one. */
async function whereUsed(token: Token, fingerprint: string, ports: Ports): Promise<string | undefined> {
  if (token.credentials.some((one) => one.fingerprint === fingerprint))
    return 'it is an earlier value of this token: create a new one';
  const others = (await ports.inventory.traced(fingerprint)).filter((id) => id !== token.id);
  return others.length === 0
    ? undefined
    : 'another token has it, or had it: create one that is for this token alone';
}

/** Nothing was submitted, which is no failure: its owner is notified that a value is due. */
async function withoutValue(step: Step, token: Token, ports: Ports): Promise<never> {
  const { submitted } = token;
  if (submitted !== undefined && ports.now() - submitted.at < SEEN_WITHIN)
    throw new KeyturnError(
      'not-visible-yet',
      `Secrets Manager does not show the value that was submitted for ${step.secret.name} yet.`,
    );
  const ended = releasing(step, (attempt) => ({ ...attempt, inactive: true, halted: true }));
  await change(step.tokenId, ports, (one) => withoutSubmitted(ended(one)));
  throw new KeyturnError(
    'rotation-aborted',
    `The rotation ${step.event.requestToken} of ${step.secret.name} waits for a value that a person submits.`,
  );
}

async function refuse(step: Step, versionId: string, fault: string, ports: Ports): Promise<never> {
  await change(step.tokenId, ports, withoutSubmitted);
  await dropLabel(step.secret.arn, versionId, ports);
  const why = `The value that was submitted for ${step.secret.name} cannot be used: ${fault}.`;
  return endGrace(step, new KeyturnError('submission-refused', why), ports);
}

/** What a person asked for with it is answered. */
function withoutSubmitted({ submitted: _submitted, rotateRequestedAt: _asked, ...token }: Token): Token {
  return token;
}

/** The version is left to Secrets Manager, which deletes it in its time. */
async function dropLabel(secretArn: string, versionId: string, ports: Pick<Ports, 'secrets'>): Promise<void> {
  try {
    await ports.secrets.moveLabel(secretArn, SUBMITTED_LABEL, { from: versionId, to: undefined });
  } catch (error) {
    if (!(error instanceof KeyturnError && (error.code === 'conflict' || error.code === 'not-found')))
      throw error;
  }
}
