import { KeyturnError } from '../../core/basics/errors.ts';
import { isUnanswered } from '../../core/incidents/forget-rotation.ts';
import { recordedForRevocation } from '../../core/token/recorded-for-revocation.ts';
import { markerOf } from '../../core/basics/names.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { ListedCredential, PairedSession, Session } from '../../core/issuer/provider.ts';
import { sameReach, placeText } from '../../core/issuer/reach.ts';
import type { Attempt, Mint } from '../../core/token/attempt.ts';
import { accountsFor } from '../../core/token/known-credentials.ts';
import type { Token } from '../../core/token/token.ts';
import { appearedAfter, clockHeard, type SecretWork } from '../open-token/context.ts';
import { sealedProvenance } from '../rotation/provenance.ts';
import { endLostSecond } from '../revocation/end-lost.ts';
import { type Lost, installedValue } from './installed-value.ts';

/** `isStored`: whether the version of the attempt holds a value, which is then that of its latest mint. */
export function recordForRevocationAll(
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

/**
 * Credentials whose creation was never answered, found again the way the provider's class of lost creations
 * says, at each place where one was asked for.
 */
export async function lostMints(
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
  // Whatever was made there ends with the next creation, or is in its version.
  if (session.kind === 'replacing') return [];
  if (session.kind === 'paired') return lostOfPair(work, session, { token, attempt }, ports);
  if (session.kind === 'choosing') return installedValue(work, session, attempt, ports);
  if (session.kind === 'submitted') {
    // Another value in its version is a person's, and was not taken up.
    const noted = new Set(attempt.mints.map(({ fingerprint }) => fingerprint));
    const stored = await installedValue(work, session, attempt, ports);
    return stored.filter(({ fingerprint }) => noted.has(fingerprint));
  }
  const since = ports.now();
  const listed = await session.list();
  const clock = clockHeard(token, session.reach, since, ports);
  const unknown = listed.filter((one) => one.active && !accountsFor({ ...token, issuerClock: clock }, one));
  const marker = markerOf(ports.installation, work.secret.arn, attempt.id);
  const first = unanswered[0];
  if (first?.before === undefined) return unknown.filter((one) => one.name === marker).map(lostAt(session));
  const appeared = unknown.filter((one) => appearedAfter(first, one, clock));
  // One creation leaves one credential at most. With more of them, it is unknown which are unrecognized.
  return appeared.length > unanswered.length ? [] : appeared.map(lostAt(session));
}

/**
 * What a creation made is in the version of its attempt, under our seal, or nobody has it: then the second
 * value of the account ends here.
 */
async function lostOfPair(
  work: SecretWork,
  session: PairedSession,
  { token, attempt }: { readonly token: Token; readonly attempt: Attempt },
  ports: Ports,
): Promise<Lost[]> {
  const version = { secretArn: work.secret.arn, versionId: attempt.id, place: work.place };
  const held = attempt.state === 'aborted' ? await sealedProvenance(version, ports) : undefined;
  if (held?.origin !== 'minted' || held.handle === undefined) {
    await endLostSecond(session, { ...work, token, staged: held?.value }, ports);
    return [];
  }
  const { handle, fingerprint, reach = session.reach, expiresAt } = held;
  return [{ handle, fingerprint, reach, expiresAt, versionId: attempt.id }];
}

function lostAt({ reach }: Session): (one: ListedCredential) => Lost {
  return ({ handle, createdAt, expiresAt }) => ({ handle, createdAt, reach, expiresAt });
}

/**
 * What was never answered is looked for where it was asked for; undefined where Keyturn may not ask any more,
 * and did not ask. Error: `not-granted` where one was.
 */
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
    `A rotation of ${name} may have left a credential at ${placeText(reach)}, which its grant does not ` +
      'name any more: name that account under formerly in the grant. If it is gone for good, run ' +
      `\`keyturn forget ${name} ${attempt.id} --reason TEXT\`.`,
  );
}
