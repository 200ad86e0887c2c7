import { consumersWithState } from '../../core/delivery/deliveries.ts';
import { labelsDigest } from '../../core/inventory/label-digest.ts';
import { telling } from '../../core/token/telling.ts';
import { withoutTwins } from '../../core/token/twins.ts';
import { secretNameOf, tokenIdOf } from '../../core/basics/names.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { Session } from '../../core/issuer/provider.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import type { ValuePlace } from '../../core/secret-text/value-place.ts';
import { DEFAULT_POLICY, policyAfter } from '../../core/policy/policy.ts';
import { notingTags } from '../../core/policy/tag-findings.ts';
import { TAGS } from '../../core/policy/tags.ts';
import { registrationOf, type Registration } from '../../core/policy/read-tags.ts';
import type { Instant } from '../../core/basics/time.ts';
import { currentOf } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import { isRegisteredHere, versionWith } from '../inventory/registration.ts';
import { change, create, type StorePorts } from '../inventory/store.ts';
import { visibleCredentials } from './visible-credentials.ts';

/** A secret whose registration was checked, with the issuer behind it. */
export interface Registered {
  readonly secret: SecretDescription;
  readonly registration: Registration;
  readonly session: Session;
  readonly place: ValuePlace;
}

/**
 * The part of a token's record that its tags decide; tags win over what was recorded, of which a consumer
 * that is still declared keeps its state.
 */
export function registeredFields(
  registration: Registration,
  now: Instant,
  known?: Token,
): Pick<
  Token,
  'provider' | 'admin' | 'owner' | 'environment' | 'purpose' | 'policy' | 'consumers' | 'noted'
> {
  return {
    provider: registration.provider,
    admin: registration.admin,
    owner: registration.owner,
    environment: registration.environment,
    purpose: registration.purpose,
    policy: policyAfter(known?.policy, registration.policy),
    consumers: consumersWithState(registration.consumers, known?.consumers ?? []),
    noted: notingTags(known ?? { noted: [] }, registration.problems, now).noted,
  };
}

export function newToken(secretArn: string, registration: Registration, now: number): Token {
  return {
    id: tokenIdOf(secretArn),
    secretArn,
    name: secretNameOf(secretArn),
    ...registeredFields(registration, now),
    enrolledAt: now,
    attempts: [],
    credentials: [],
    findings: [],
    suspects: [],
    failures: 0,
    outbox: [],
  };
}

/** A secret whose registration was checked; its issuer need not be reachable, or grant anything. */
export type Readable = Pick<Registered, 'secret' | 'registration' | 'place'>;

/**
 * Puts a secret Keyturn has not seen, or whose record was lost, into the inventory as Secrets Manager alone
 * shows it: its values are known by their fingerprints, so that no other token's end takes one of them away,
 * whatever its issuer says. What the issuer calls them is found out later.
 */
export async function enrol(target: Readable, ports: Ports): Promise<Loaded> {
  const now = ports.now();
  const token = newToken(target.secret.arn, target.registration, now);
  const credentials = withoutTwins(await visibleCredentials(target, () => false, ports));
  const detail = credentials.some((one) => one.state === 'current')
    ? 'its existing value was adopted'
    : 'it has no value yet';
  return create(
    telling(
      { ...token, credentials, readAt: now, labels: labelsDigest(target.secret.versions) },
      { what: 'enrolled', about: String(now), detail, by: 'keyturn', at: now },
    ),
    ports,
  );
}

/**
 * Notes why a secret cannot be managed as it is, so that its owner hears of it and `status` shows it; a
 * secret without a record gets one, with whatever its tags say.
 */
export async function explain(
  secret: SecretDescription,
  why: KeyturnError,
  ports: StorePorts & Pick<Ports, 'installation' | 'policyDefaults'>,
): Promise<void> {
  if (!isRegisteredHere(secret, ports)) return;
  const known =
    (await ports.inventory.load(tokenIdOf(secret.arn))) ??
    (await create(newToken(secret.arn, statedRegistration(secret, ports), ports.now()), ports));
  const deletion = secret.deletedAt === undefined ? undefined : { at: secret.deletedAt, gone: false };
  const readAt = ports.now();
  const labels = labelsDigest(secret.versions);
  await change(known, ports, (token) => {
    if (token.unusable === why.message && token.deletion?.at === deletion?.at && token.labels === labels)
      return token;
    // What the issuer said of a value it said of the one that was current then.
    const isSame = versionWith(secret, 'AWSCURRENT') === currentOf(token)?.versionId;
    return {
      ...token,
      unusable: why.message,
      deletion,
      readAt,
      labels,
      ...(!isSame && { refusedSince: undefined }),
    };
  });
}

/** The registration as far as it goes, for a secret whose tags do not make one. */
function statedRegistration(
  secret: SecretDescription,
  ports: Pick<Ports, 'installation' | 'policyDefaults'>,
): Registration {
  try {
    return registrationOf(secret.tags, secret.name, ports.policyDefaults);
  } catch (error) {
    if (!(error instanceof KeyturnError)) throw error;
    const tag = (key: string): string => secret.tags.get(key) ?? 'unknown';
    const installation = ports.installation.name;
    const policy = DEFAULT_POLICY;
    return {
      installation,
      policy,
      provider: tag(TAGS.issuer),
      owner: tag(TAGS.owner),
      environment: tag(TAGS.environment),
      purpose: '',
      admin: undefined,
      consumers: [],
    };
  }
}
