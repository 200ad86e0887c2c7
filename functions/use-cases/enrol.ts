import { consumersWithState } from '../core/delivery/deliveries.ts';
import { telling, withoutTwins } from '../core/life.ts';
import { isPin, secretNameOf, tokenIdOf } from '../core/names.ts';
import type { Loaded, Ports, SecretDescription } from '../core/ports.ts';
import type { Credential, Session } from '../core/provider.ts';
import { KeyturnError } from '../core/errors.ts';
import { DEFAULT_POLICY } from '../core/policy.ts';
import { notingTags } from '../core/tag-notes.ts';
import { TAGS, registrationOf, type Registration } from '../core/tags.ts';
import type { Instant } from '../core/time.ts';
import type { Generation, Token } from '../core/token.ts';
import { provenance, type Provenance } from './provenance.ts';
import { versionWith } from './registered.ts';
import { change, create, type StorePorts } from './store.ts';

/** A secret whose registration was checked, with the issuer behind it. */
export interface Registered {
  readonly secret: SecretDescription;
  readonly registration: Registration;
  readonly session: Session;
  readonly valueField: string;
}

/** The part of a token's record that its tags decide; tags win over what was recorded, of which a consumer that is still declared keeps its state. */
export function registeredFields(registration: Registration, now: Instant, known?: Token): Pick<Token, 'provider' | 'admin' | 'owner' | 'environment' | 'purpose' | 'policy' | 'consumers' | 'noted'> {
  return {
    provider: registration.provider,
    admin: registration.admin,
    owner: registration.owner,
    environment: registration.environment,
    purpose: registration.purpose,
    policy: registration.policy,
    consumers: consumersWithState(registration.consumers, known?.consumers ?? []),
    noted: notingTags(known ?? { noted: [] }, registration.problems, now).noted,
  };
}

export function newToken(secretArn: string, registration: Registration, now: number): Token {
  return {
    schema: 1,
    id: tokenIdOf(secretArn),
    secretArn,
    name: secretNameOf(secretArn),
    ...registeredFields(registration, now),
    enrolledAt: now,
    attempts: [],
    generations: [],
    findings: [],
    suspects: [],
    failures: 0,
    outbox: [],
  };
}

/** Puts a secret Keyturn has not seen, or whose record was lost, into the inventory as Secrets Manager and the issuer show it. */
export async function enrol(target: Registered, ports: Ports): Promise<Loaded> {
  const now = ports.now();
  const token = newToken(target.secret.arn, target.registration, now);
  const generations = withoutTwins(await visibleGenerations(target, [], ports));
  await claimAll(token.id, target.registration.provider, generations, ports);
  const detail = generations.some((one) => one.state === 'current') ? 'its existing value was adopted' : 'it has no value yet';
  return create(telling({ ...token, generations }, { what: 'enrolled', about: String(now), detail, by: 'keyturn', at: now }), ports);
}

/** The generations that staging labels show and the record does not know: current, previous and pinned versions. */
export async function visibleGenerations(target: Registered, known: readonly string[], ports: Ports): Promise<Generation[]> {
  const shown = [...target.secret.versions].filter(([version, labels]) => !known.includes(version) && labels.some(isLasting));
  if (shown.length === 0) return [];
  const listed = await target.session.list();
  const found = await Promise.all(shown.map(([version]) => generationFor(target, version, listed, ports)));
  return found.filter((one) => one !== undefined);
}

function isLasting(label: string): boolean {
  return label === 'AWSCURRENT' || label === 'AWSPREVIOUS' || isPin(label);
}

async function generationFor(target: Registered, versionId: string, listed: readonly Credential[], ports: Ports): Promise<Generation | undefined> {
  const version = { secretArn: target.secret.arn, versionId, valueField: target.valueField };
  const proof = await provenance(version, { session: target.session, listed }, ports);
  if (!proof) return undefined;
  const isCurrent = versionWith(target.secret, 'AWSCURRENT') === versionId;
  return generationFrom(proof, { versionId, isCurrent, now: ports.now() });
}

export function generationFrom(proof: Provenance, seen: { versionId: string; isCurrent: boolean; now: number }): Generation {
  return {
    id: seen.versionId,
    versionId: seen.versionId,
    handle: proof.handle,
    origin: proof.origin,
    fingerprint: proof.fingerprint,
    expiresAt: proof.expiresAt,
    ...(seen.isCurrent ? { state: 'current', promotedAt: seen.now } : { state: 'previous', supersededAt: seen.now }),
  };
}

/** Claims every credential for this token, so that no other token's end can take it away. */
export async function claimAll(tokenId: string, provider: string, generations: readonly Generation[], ports: Pick<Ports, 'inventory'>): Promise<void> {
  for (const one of generations) if (one.handle !== undefined && one.state !== 'dead') await ports.inventory.hold(provider, one.handle, { tokenId, released: false });
}

/**
 * Notes why a secret cannot be managed as it is, so that its owner hears of it and `status` shows it; a secret without a record gets one,
 * with whatever its tags say.
 */
export async function explain(secret: SecretDescription, why: KeyturnError, ports: StorePorts & Pick<Ports, 'installation' | 'policyDefaults'>): Promise<void> {
  if (secret.tags.get(TAGS.installation) !== ports.installation.name) return;
  const known = (await ports.inventory.load(tokenIdOf(secret.arn))) ?? (await create(newToken(secret.arn, statedRegistration(secret, ports), ports.now()), ports));
  const deletion = secret.deletedAt === undefined ? undefined : { at: secret.deletedAt, gone: false };
  await change(known, ports, (token) => (token.unusable === why.message && token.deletion?.at === deletion?.at ? token : { ...token, unusable: why.message, deletion }));
}

/** The registration as far as it goes, for a secret whose tags do not make one. */
function statedRegistration(secret: SecretDescription, ports: Pick<Ports, 'installation' | 'policyDefaults'>): Registration {
  try {
    return registrationOf(secret.tags, secret.name, ports.policyDefaults);
  } catch (error) {
    if (!(error instanceof KeyturnError)) throw error;
    const tag = (key: string): string => secret.tags.get(key) ?? 'unknown';
    const installation = ports.installation.name;
    const policy = DEFAULT_POLICY;
    return { installation, policy, provider: tag(TAGS.provider), owner: tag(TAGS.owner), environment: tag(TAGS.environment), purpose: '', admin: undefined, consumers: [] };
  }
}
