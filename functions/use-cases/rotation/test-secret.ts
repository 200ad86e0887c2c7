import { KeyturnError } from '../../core/basics/errors.ts';
import { withAttempt } from '../../core/token/transitions.ts';
import { adminSecretOf } from '../../core/basics/names.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { acceptedWithin, surelyAcceptedWithin } from '../../core/issuer/issuer-facts.ts';
import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import type { Probe } from '../../core/issuer/provider.ts';
import type { Attempt, Mint } from '../../core/token/attempt.ts';
import { isAskable } from '../../core/validity/check-rules.ts';
import { attemptOf } from '../../core/token/lookups.ts';
import { SECOND, type Instant, type Millis } from '../../core/basics/time.ts';
import { sealedProvenance, type Provenance } from './provenance.ts';
import { probeOf } from './probe-of.ts';
import { versionWith } from '../inventory/registration.ts';
import { change } from '../inventory/store.ts';
import { endGrace } from './give-up.ts';
import type { Step } from './step.ts';
import { proveSuccessor } from './test-new-admin.ts';

/**
 * So many good answers in a row count as accepted: one may come from the only node that knows the value yet.
 */
const GOOD_IN_A_ROW = 2;
const FIRST_WAIT: Millis = SECOND;
const LONGEST_WAIT: Millis = 15 * SECOND;
/** What is kept back of the invocation's time for ending in order. */
const RESERVE: Millis = 20 * SECOND;

/**
 * The third step: proves that the issuer accepts the pending value. Works alone too, for a rotation that only
 * tests: then the value that is there is proven, and a secret that is still empty has nothing to prove.
 */
export async function testSecret(step: Step, ports: Ports): Promise<void> {
  const pending = await read(step, step.event.requestToken, ports);
  const current = versionWith(step.secret, 'AWSCURRENT');
  const proof = pending ?? (current === undefined ? undefined : await read(step, current, ports));
  const loaded = await ports.inventory.load(step.tokenId);
  const attempt = loaded && attemptOf(loaded.token, step.event.requestToken);
  if (!proof && !attempt) return;
  if (!proof)
    throw new KeyturnError('version-unknown', `The secret ${step.secret.name} holds no credential to test.`);
  const mint = attempt?.mints.findLast((one) => one.fingerprint === proof.fingerprint);
  const answer = await probeUntilGood(step, { held: proof, since: mint?.at ?? ports.now(), attempt }, ports);
  if (answer.outcome === 'active' && !scopesDiffer(mint, answer)) {
    const isProving = attempt !== undefined && adminSecretOf(step.secret.name) !== undefined;
    if (isProving) await proveSuccessor(step, ports);
    return noteTested(isProving ? step.tokenId : loaded, attempt, ports);
  }
  const why = answer.outcome === 'active' ? differing(step) : refusal(step, answer);
  if (attempt && why.code === 'new-credential-rejected') await endGrace(step, why, ports);
  throw why;
}

function read(step: Step, versionId: string, ports: Ports): Promise<Provenance | undefined> {
  return sealedProvenance({ secretArn: step.secret.arn, versionId, place: step.place }, ports);
}

async function noteTested(
  from: string | Loaded | undefined,
  attempt: Attempt | undefined,
  ports: Ports,
): Promise<void> {
  if (!from || !attempt) return;
  await change(from, ports, (token) =>
    withAttempt(token, attempt.id, (one) => ({ ...one, testedAt: ports.now() })),
  );
}

type Verdict = Probe & { readonly early?: boolean };

async function probeUntilGood(
  step: Step,
  target: { held: Provenance; since: number; attempt: Attempt | undefined },
  ports: Ports,
): Promise<Verdict> {
  const descriptor = ports.descriptor(step.registration.provider);
  const patience = surelyAcceptedWithin(descriptor);
  const from = countsFrom(descriptor, target.since);
  for (let good = 0, wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    const answer = await probeOf(step.session, target.held);
    good = answer.outcome === 'active' && ports.now() >= from ? good + 1 : 0;
    if (good >= GOOD_IN_A_ROW) return answer;
    const spent = ports.now() - target.since >= patience;
    if (answer.outcome === 'inactive' && spent) return answer;
    if (ports.timeLeft() < wait + RESERVE)
      return answer.outcome === 'inactive'
        ? { ...answer, early: true }
        : answer.outcome === 'active'
          ? { outcome: 'unknown', reason: 'too few good answers in time' }
          : answer;
    if (answer.outcome === 'unknown' && spent) return answer;
    await ports.sleep(wait);
    await requireUnderWay(step, target.attempt, ports);
  }
}

/**
 * From when on an answer shows that consumers can use the value. A list shows it before it is accepted
 * everywhere.
 */
function countsFrom(descriptor: ProviderDescriptor | undefined, since: Instant): Instant {
  return descriptor && !isAskable(descriptor.check) ? since + acceptedWithin(descriptor) : since;
}

/**
 * An attempt that was aborted meanwhile, as for a leak, has nothing to prove any more. Error:
 * `rotation-aborted`.
 */
async function requireUnderWay(step: Step, attempt: Attempt | undefined, ports: Ports): Promise<void> {
  const loaded = attempt && (await ports.inventory.load(step.tokenId));
  if (!loaded || attemptOf(loaded.token, step.event.requestToken)?.inactive !== true) return;
  throw new KeyturnError(
    'rotation-aborted',
    `The rotation ${step.event.requestToken} of ${step.secret.name} is over; nothing more is done for it.`,
  );
}

function scopesDiffer(mint: Mint | undefined, answer: Probe): boolean {
  if (answer.outcome !== 'active' || !mint?.scopes || !answer.scopes) return false;
  const asked = new Set(mint.scopes);
  return asked.size !== new Set(answer.scopes).size || answer.scopes.some((scope) => !asked.has(scope));
}

function differing(step: Step): KeyturnError {
  return new KeyturnError(
    'new-credential-rejected',
    `The new credential of ${step.secret.name} has other scopes than were asked for.`,
  );
}

function refusal(step: Step, answer: Verdict): KeyturnError {
  if (answer.outcome === 'unknown')
    return new KeyturnError(
      'issuer-unreachable',
      `The issuer of ${step.secret.name} could not be asked whether it accepts the new value: ` +
        `${answer.reason}.`,
    );
  if (answer.outcome === 'inactive' && answer.early)
    return new KeyturnError(
      'credential-not-active-yet',
      `The issuer of ${step.secret.name} does not accept the new credential yet.`,
    );
  return new KeyturnError(
    'new-credential-rejected',
    `The issuer of ${step.secret.name} refuses the new credential for longer than propagation takes.`,
  );
}
