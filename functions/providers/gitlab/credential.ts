import type { CredentialState } from '../../core/issuer/provider.ts';
import type { Instant } from '../../core/basics/time.ts';

/** What a token's record says of its name and its end, in GitLab's fields. */
interface Named {
  readonly name: string;
  readonly description?: string | null | undefined;
}
interface Lasting {
  readonly active: boolean;
  readonly revoked: boolean;
  readonly expires_at: Instant | null;
}

const DESCRIPTION = /^Made and revoked by Keyturn as (\S+); do not rotate by hand\.$/;

/** Says who made a token, and its marker once more: an instance in between may prefix or shorten names. */
export function descriptionOf(marker: string): string {
  return `Made and revoked by Keyturn as ${marker}; do not rotate by hand.`;
}

/**
 * The name that was asked for: from our own description, where the instance keeps it, else the name itself.
 */
export function nameOf({ name, description }: Named): string {
  return DESCRIPTION.exec(description ?? '')?.[1] ?? name;
}

/**
 * A token is inactive when it was revoked or is past its date, and for nothing else (gitlabhq/gitlabhq,
 * app/models/personal_access_token.rb, `active?`).
 */
export function stateOf({ active, revoked, expires_at: expiresAt }: Lasting): CredentialState {
  if (revoked) return 'revoked';
  if (active) return 'active';
  return expiresAt === null ? 'disabled' : 'expired';
}
