import { KeyturnError } from '../../core/basics/errors.ts';
import { unkeepableLifetime } from '../../core/policy/lifetime-limits.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import { adminSecretOf } from '../../core/basics/names.ts';
import { holderOf } from '../../core/token/staging-labels.ts';
import { TAGS } from '../../core/policy/tags.ts';
import { registrationOf, type Registration } from '../../core/policy/read-tags.ts';

/**
 * Reads a secret's registration and refuses what Keyturn must not touch. `last` is the policy on record: it
 * stays in force where the tags ask what cannot be kept. Errors: `not-rotatable`, `tag-missing`,
 * `tag-invalid`, `provider-unknown`, each with the sentence a person needs; what is wrong with a policy, an
 * owner or a consumer is none.
 */
export function registered(
  secret: SecretDescription,
  ports: Pick<Ports, 'installation' | 'policyDefaults' | 'descriptor'>,
  last?: Policy,
): Registration {
  const obstacle = obstacleOf(secret);
  if (obstacle) throw new KeyturnError('not-rotatable', obstacle);
  const issuer = ports.descriptor(secret.tags.get(TAGS.issuer) ?? '');
  const registration = registrationOf(secret.tags, secret.name, ports.policyDefaults, { issuer, last });
  if (registration.installation !== ports.installation.name)
    throw new KeyturnError(
      'tag-invalid',
      `The secret ${secret.name} is registered with the installation "${registration.installation}", ` +
        `not with "${ports.installation.name}": correct its tag ${TAGS.installation}.`,
    );
  if (!issuer)
    throw new KeyturnError(
      'provider-unknown',
      `The tag ${TAGS.issuer} of the secret ${secret.name} says "${registration.provider}", which is ` +
        'no issuer of this installation.',
    );
  requireAdminOf(registration, secret, ports);
  return registration;
}

/** The same once the grant is known, which may give less than its issuer. */
export function underGrant(
  registration: Registration,
  { id, expiry }: Pick<ProviderDescriptor, 'id' | 'expiry'>,
  maxDays: number | undefined,
): Registration {
  if (maxDays === undefined || maxDays >= (expiry.maxDays ?? Infinity)) return registration;
  const fault = unkeepableLifetime(registration.policy, {
    id: `${id} under this grant`,
    expiry: { ...expiry, maxDays },
  });
  if (fault === undefined) return registration;
  return {
    ...registration,
    problems: [
      ...(registration.problems ?? []),
      { kind: 'policy-unkeepable', detail: `The grant gives less than the policy needs: ${fault}` },
    ],
  };
}

/**
 * An admin secret can be a token too, of its own provider, where the issuer lets it create its own successor.
 */
function requireAdminOf(
  { provider }: Registration,
  { name, tags }: SecretDescription,
  ports: Pick<Ports, 'descriptor'>,
): void {
  const owner = adminSecretOf(name);
  if (owner === undefined) return;
  const stated = [TAGS.field, TAGS.format].find((tag) => tags.has(tag));
  if (stated !== undefined)
    throw new KeyturnError(
      'tag-invalid',
      `The admin secret ${name} has the tag ${stated}: remove it, since Keyturn itself reads the ` +
        'secret as its provider says.',
    );
  if (owner !== provider)
    throw new KeyturnError(
      'tag-invalid',
      `The tag ${TAGS.issuer} of the admin secret ${name} says "${provider}": it can be managed for ` +
        `"${owner}" alone.`,
    );
  if (ports.descriptor(provider)?.admin.successor === 'minted') return;
  throw new KeyturnError(
    'not-rotatable',
    `The admin credential in ${name} can be made only by a person at its issuer: remove its tag ` +
      `${TAGS.installation}; Keyturn watches it all the same.`,
  );
}

/** Why a secret cannot be rotated by anybody's Lambda, in one sentence; undefined when it can. */
export function obstacleOf(secret: SecretDescription): string | undefined {
  if (secret.deletedAt !== undefined)
    return `The secret ${secret.name} is scheduled for deletion: restore it before it can be rotated.`;
  if (secret.primaryRegion !== undefined)
    return `The secret ${secret.name} is a replica: rotate its primary in ${secret.primaryRegion}.`;
  if (secret.owningService !== undefined)
    return `The secret ${secret.name} is managed by ${secret.owningService}: rotate it there.`;
  if (secret.externalType !== undefined)
    return (
      `The secret ${secret.name} is a managed external secret (${secret.externalType}): Secrets Manager ` +
      'rotates it itself.'
    );
  return undefined;
}

/** Whether the tags of a secret name this installation. */
export function isRegisteredHere(
  { tags }: Pick<SecretDescription, 'tags'>,
  { installation }: Pick<Ports, 'installation'>,
): boolean {
  return tags.get(TAGS.installation) === installation.name;
}

/** The version that carries a staging label, if one does. */
export function versionWith(secret: SecretDescription, label: string): string | undefined {
  return holderOf(secret.versions, label);
}
