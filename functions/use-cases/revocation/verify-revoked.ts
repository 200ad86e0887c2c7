import { LEAST_APART, PROOFS, askAgainAt, lagOf, type Proof } from '../../core/validity/inactivity-proof.ts';
import { isExposed } from '../../core/token/exposure.ts';
import { moveCredential, withCredential } from '../../core/token/transitions.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { tellsRefusals } from '../../core/validity/check-rules.ts';
import { withProbe } from '../../core/validity/probes.ts';
import { refusedWithin } from '../../core/issuer/issuer-facts.ts';
import type { Session } from '../../core/issuer/provider.ts';
import { HOUR, MINUTE, type Instant } from '../../core/basics/time.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Provenance } from '../rotation/provenance.ts';
import { spendPermits } from './permits.ts';
import { change } from '../inventory/store.ts';
import { tellingDeath, unpin, type SecretWork, type Work } from '../open-token/context.ts';
import { noteOutOfReach, sessionOf } from '../evidence/place.ts';
import { lookAt, type Listing, type Looked } from '../evidence/sightings.ts';

const LOOK_AGAIN = 10 * MINUTE;

/** What lists have to leave out for days is not looked at every few minutes. */
const LOOK_AGAIN_ABSENT = 6 * HOUR;

type Seen = Pick<SecretWork, 'secret' | 'place' | 'record' | 'tokenId' | 'by'> & {
  readonly held?: Provenance | undefined;
  readonly listing?: Listing | undefined;
};

/**
 * Looks whether a credential is inactive although no revocation of ours was accepted. If so, records its end;
 * else keeps what was seen.
 */
export async function endIfInactive(
  work: Seen,
  one: Credential,
  session: Session | undefined,
  ports: Ports,
): Promise<{ readonly record: Loaded; readonly isInactive: boolean; readonly looked: Looked }> {
  const looked = await lookAt(work, one, session, ports);
  const record =
    looked.verdict.kind === 'inactive'
      ? await recordEnd(work, one, looked.verdict.by, ports)
      : await keep(work, one, looked, ports);
  return { record, isInactive: looked.verdict.kind === 'inactive', looked };
}

function keep(work: Seen, one: Credential, { verdict, probe, reach }: Looked, ports: Ports): Promise<Loaded> {
  const seen: Partial<Credential> =
    verdict.kind === 'open'
      ? { refused: verdict.refused, absent: verdict.absent }
      : { refused: undefined, absent: undefined };
  const isSame =
    one.refused?.last === seen.refused?.last &&
    one.absent?.last === seen.absent?.last &&
    (one.reach !== undefined || reach === undefined);
  if (isSame && probe === undefined) return Promise.resolve(work.record);
  const used = (same: Credential): Credential => (probe === undefined ? same : withProbe(same, ports.now()));
  return change(work.record, ports, (token) =>
    withCredential(token, one.id, (same) => ({ ...used(same), ...seen, ...(reach && { reach }) })),
  );
}

/** When a first sign of inactivity is looked at a second time. */
export function secondLookAt(
  { verdict }: Looked,
  one: Credential,
  ports: Pick<Ports, 'descriptor' | 'now'>,
  provider: string,
): Instant | undefined {
  if (verdict.kind !== 'open' || verdict.refused === undefined || verdict.refused.last !== ports.now())
    return undefined;
  return (one.refused?.since ?? ports.now()) + lagOf(ports.descriptor(provider));
}

/**
 * Revoked means proven: after the issuer's lag the value has to be refused where it was made; where no value
 * is left, its list has to show its end.
 */
export async function prove(work: Work, one: Credential, ports: Ports): Promise<Loaded> {
  const now = ports.now();
  const lag = refusedWithin(ports.descriptor(work.registration.provider));
  if (one.revokedAt === undefined || now < one.revokedAt + lag) return work.record;
  const session = await sessionOf(work, one, ports);
  const { record, looked } = await endIfInactive(work, one, session, ports);
  const { verdict } = looked;
  if (verdict.kind === 'inactive') return record;
  if (!session) return noteOutOfReach({ ...work, record }, one, ports);
  const { absent } = verdict.kind === 'open' ? verdict : {};
  // Where its value can be asked about, the next answer may be the better proof; and only a second list frees
  // its slot.
  const isWaiting =
    (looked.probe === undefined || isListAlone(work, ports)) &&
    absent !== undefined &&
    absent.last - absent.since >= LEAST_APART &&
    one.versionId !== undefined;
  if (verdict.kind === 'open')
    return note(
      { ...work, record },
      one.id,
      { problem: undefined, lookAt: now + (isWaiting ? LOOK_AGAIN_ABSENT : LOOK_AGAIN) },
      ports,
    );
  const name = one.handle ?? one.id;
  const detail = `The issuer still accepts the credential ${name} although its revoke was accepted.`;
  return note(
    { ...work, record },
    one.id,
    {
      revokedAt: undefined,
      ...undone(one, now),
      lookAt: now + LOOK_AGAIN,
      problem: { kind: 'revocation-ineffective', detail },
    },
    ports,
  );
}

function isListAlone({ registration }: Work, ports: Pick<Ports, 'descriptor'>): boolean {
  const check = ports.descriptor(registration.provider)?.check;
  return check !== undefined && !tellsRefusals(check);
}

/** What the issuer accepts is not disabled any more, either. */
function undone({ disabledAt, notDisabledAt }: Credential, now: Instant): Partial<Credential> {
  return disabledAt === undefined ? { notDisabledAt } : { disabledAt: undefined, notDisabledAt: now };
}

export function note(work: Seen, id: string, fields: Partial<Credential>, ports: Ports): Promise<Loaded> {
  return change(work.record, ports, (token) => withCredential(token, id, (one) => ({ ...one, ...fields })));
}

/** Its version needs no pin any more, unless it is exposed: then its value is asked about again. */
export async function recordEnd(
  work: Seen,
  one: Credential,
  by: Proof | { readonly told: string },
  ports: Ports,
): Promise<Loaded> {
  const now = ports.now();
  const isReadable = one.versionId !== undefined && work.secret.deletedAt === undefined;
  const at = isReadable && isExposed(work.record.token, one) ? askAgainAt(now, 0) : undefined;
  if (one.versionId !== undefined && isReadable && at === undefined)
    await unpin(work.secret.arn, one.versionId, ports);
  await spendPermits(work.tokenId, one.id, ports);
  const proof = typeof by === 'string' ? by : 'list';
  const fields: Partial<Credential> = {
    endedAt: now,
    proof,
    problem: undefined,
    verdict: undefined,
    lookAt: undefined,
    ...(at !== undefined && { askAgain: { at, asked: 0 } }),
  };
  return change(work.record, ports, (token) =>
    tellingDeath(token, moveCredential(token, one.id, 'end', fields), one, {
      now,
      by: work.by,
      detail: typeof by === 'string' ? PROOFS[by] : by.told,
    }),
  );
}
