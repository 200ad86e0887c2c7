import { moveGeneration, telling, withGeneration } from '../../core/life.ts';
import type { Ports } from '../../core/ports.ts';
import type { Credential } from '../../core/provider.ts';
import { graceEnds } from '../../core/schedule.ts';
import { generationOf, type Generation, type Token } from '../../core/token.ts';
import { DAY, HOUR, MINUTE, type Instant, type Millis } from '../../core/time.ts';
import { sealedProvenance } from '../provenance.ts';
import { revoke } from '../revoke.ts';
import { change } from '../store.ts';
import { tellingDeath, unpin, type Work } from './context.ts';

const LOOK_AGAIN = 10 * MINUTE;
const LOOK_AGAIN_REFUSED = HOUR;
const LOOK_AGAIN_UNMANAGED = DAY;

/** Takes an old generation as far towards its proven end as grace, evidence and the gate allow now. Each call may find any state of an earlier, broken one. */
export async function retire(work: Work, generationId: string, ports: Ports): Promise<void> {
  const one = await load(work, generationId, ports);
  if (one?.state === 'previous' && !(await claim(work, one, ports))) return;
  const claimed = await load(work, generationId, ports);
  if (claimed?.state === 'revoking' && claimed.revokedAt === undefined) await passGate(work, claimed, ports);
  const revoked = await load(work, generationId, ports);
  if (revoked?.state === 'revoking' && revoked.revokedAt !== undefined) await prove(work, revoked, ports);
}

async function load(work: Work, generationId: string, ports: Ports): Promise<Generation | undefined> {
  const loaded = await ports.inventory.load(work.tokenId);
  return loaded && generationOf(loaded.token, generationId);
}

async function note(work: Work, id: string, fields: Partial<Generation>, ports: Ports): Promise<void> {
  await change(work.tokenId, ports, (token) => withGeneration(token, id, (one) => ({ ...one, ...fields })));
}

/** Claims a generation for its end, if grace is over and consumers have moved. Rollback claims by the same compare-and-swap: one of them wins. */
async function claim(work: Work, one: Generation, ports: Ports): Promise<boolean> {
  const loaded = await ports.inventory.load(work.tokenId);
  const now = ports.now();
  if (!loaded || now < graceEnds(loaded.token, one)) return false;
  const named = await withHandle(work, one, ports);
  if (named.handle === undefined) return waitForPerson(work, named, ports);
  if (!work.secret.replicasInSync && !named.condemned) return postpone(work, one.id, now + LOOK_AGAIN, ports);
  if (!named.condemned && !(await haveMoved(work, { token: loaded.token, one: named, now }, ports))) return false;
  const reason = named.condemned ? (named.reason ?? 'a person asked for it') : 'its successor is in use and grace is over';
  const saved = await change(work.tokenId, ports, (token) => moveGeneration(token, one.id, 'claim-revoke', { lookAt: undefined, problem: undefined, reason }));
  if (generationOf(saved, one.id)?.state !== 'revoking') return false;
  await ports.inventory.hold(work.registration.provider, named.handle, { tokenId: work.tokenId, released: true });
  return true;
}

async function postpone(work: Work, id: string, lookAt: Instant, ports: Ports): Promise<false> {
  await note(work, id, { lookAt }, ports);
  return false;
}

/** An adopted value is identified here at the latest. */
async function withHandle(work: Work, one: Generation, ports: Ports): Promise<Generation> {
  if (one.handle !== undefined || one.versionId === undefined) return one;
  const proof = await sealedProvenance({ secretArn: work.secret.arn, versionId: one.versionId, valueField: work.valueField }, ports);
  const handle = proof?.handle ?? (proof && (await work.session.identify(proof.value))?.handle);
  if (handle === undefined) return one;
  await ports.inventory.hold(work.registration.provider, handle, { tokenId: work.tokenId, released: false });
  await note(work, one.id, { handle }, ports);
  return { ...one, handle };
}

/** What nobody can name at the issuer a person has to revoke there; it counts as dead once the issuer refuses it. */
async function waitForPerson(work: Work, one: Generation, ports: Ports): Promise<false> {
  const refused = (await probeVersion(work, one, ports)) === 'refused';
  if (refused) return bury(work, one, 'the issuer refuses it', ports);
  const detail = `The issuer cannot tell which credential the old value of ${work.secret.name} (version ${one.id}) is: revoke it there by hand.`;
  await note(work, one.id, { problem: { kind: 'unmanaged', detail }, lookAt: ports.now() + LOOK_AGAIN_UNMANAGED }, ports);
  return false;
}

/** Whether the issuer saw no use of the old credential for long enough. Our own probes do not count: a superseded value is not probed before its revoke. */
async function haveMoved(work: Work, seen: { token: Token; one: Generation; now: Instant }, ports: Ports): Promise<boolean> {
  const { token, one, now } = seen;
  const every = ports.descriptor(token.provider)?.lastUsedEvery;
  if (every === undefined || token.policy.evidence === 'time') return true;
  const credential = (await work.session.list()).find((other) => other.handle === one.handle);
  const quietAt = quietFrom(credential, token.policy.quiet + every);
  if (quietAt === undefined || quietAt <= now) return true;
  const overdue = now >= (one.supersededAt ?? 0) + token.policy.graceMost;
  if (overdue && token.policy.atMostGrace === 'revoke') return true;
  await note(work, one.id, { lastUsedAt: credential?.lastUsedAt, lookAt: Math.min(quietAt, now + HOUR) }, ports);
  return false;
}

function quietFrom(credential: Credential | undefined, quiet: number): Instant | undefined {
  return credential?.active && credential.lastUsedAt !== undefined ? credential.lastUsedAt + quiet : undefined;
}

async function passGate(work: Work, one: Generation, ports: Ports): Promise<void> {
  const verdict = await revoke({ tokenId: work.tokenId, generationId: one.id }, work.session, work.valueField, ports);
  const now = ports.now();
  if (verdict.revoked) {
    await change(work.tokenId, ports, (token) => revokedAt(token, one, { now, by: work.by, lag: lagOf(token.provider, ports) }));
    return;
  }
  const problem = verdict.stale ? undefined : ({ kind: 'revoke-refused', detail: verdict.reason } as const);
  ports.log.warn('the revoke gate refused', { tokenId: work.tokenId, generation: one.id, reason: verdict.reason });
  await note(work, one.id, { problem, lookAt: now + (verdict.stale ? LOOK_AGAIN : LOOK_AGAIN_REFUSED) }, ports);
}

function revokedAt(token: Token, one: Generation, seen: { now: Instant; by: string; lag: number }): Token {
  const { now, by, lag } = seen;
  const noted = withGeneration(token, one.id, (same) => ({ ...same, revokedAt: now, lookAt: now + lag, problem: undefined }));
  return telling(noted, { what: 'revoked', about: one.handle ?? one.id, detail: one.reason ?? 'retired', by, at: now });
}

/** Revoked means proven: after the issuer's lag the old value must be refused; where no value is left, the issuer must not list it as active. */
async function prove(work: Work, one: Generation, ports: Ports): Promise<void> {
  const now = ports.now();
  const lag = lagOf(work.registration.provider, ports);
  if (one.revokedAt === undefined || now < one.revokedAt + lag) return;
  const outcome = await probeVersion(work, one, ports);
  if (outcome === 'refused') {
    await bury(work, one, 'the issuer refuses it', ports);
    return;
  }
  if (outcome === 'unknown') return note(work, one.id, { lookAt: now + LOOK_AGAIN }, ports);
  const detail = `The issuer still accepts the credential ${one.handle ?? one.id} although its revoke was accepted.`;
  await note(work, one.id, { revokedAt: undefined, lookAt: now + LOOK_AGAIN, problem: { kind: 'not-dead', detail } }, ports);
}

function lagOf(provider: string, ports: Ports): Millis {
  return ports.descriptor(provider)?.revokeLag ?? 0;
}

async function probeVersion(work: Work, one: Generation, ports: Ports): Promise<'alive' | 'refused' | 'unknown'> {
  const version = one.versionId && { secretArn: work.secret.arn, versionId: one.versionId, valueField: work.valueField };
  const held = version ? await sealedProvenance(version, ports) : undefined;
  const isSame = held !== undefined && (one.fingerprint === undefined || held.fingerprint === one.fingerprint);
  if (isSame) return (await work.session.probe(held.value)).outcome;
  if (one.handle === undefined) return 'unknown';
  const listed = (await work.session.list()).find((other) => other.handle === one.handle);
  return listed?.active ? 'alive' : 'refused';
}

async function bury(work: Work, one: Generation, detail: string, ports: Ports): Promise<false> {
  const now = ports.now();
  if (one.versionId !== undefined) await unpin(work.secret.arn, one.versionId, ports);
  if (one.handle !== undefined) await ports.inventory.unhold(work.registration.provider, one.handle, work.tokenId);
  await change(work.tokenId, ports, (token) =>
    tellingDeath(moveGeneration(token, one.id, 'die', { deadAt: now, problem: undefined, lookAt: undefined }), one, { now, by: work.by, detail }),
  );
  return false;
}
