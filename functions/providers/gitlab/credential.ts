import type { ListedCredential, CredentialState } from '../../core/issuer/provider.ts';
import { canonicalScopes } from '../scopes.ts';
import type { AccessToken } from './schema.ts';

const DESCRIPTION = /^Made and revoked by Keyturn as (\S+); do not rotate by hand\.$/;

/** Says who made a token, and its marker once more: an instance in between may prefix or shorten names. */
export function descriptionOf(marker: string): string {
  return `Made and revoked by Keyturn as ${marker}; do not rotate by hand.`;
}

/**
 * The name that was asked for: from our own description, where the instance keeps it, else the name itself.
 */
export function nameOf({ name, description }: Pick<AccessToken, 'name' | 'description'>): string {
  return DESCRIPTION.exec(description ?? '')?.[1] ?? name;
}

export function listedCredentialOf(account: string, token: AccessToken): ListedCredential {
  const state = stateOf(token);
  return {
    handle: `${account}/${token.id}`,
    name: nameOf(token),
    state,
    active: state === 'active',
    createdAt: token.created_at,
    scopes: canonicalScopes(token.scopes),
    ...(token.expires_at !== null && { expiresAt: token.expires_at }),
    ...(typeof token.last_used_at === 'number' && { lastUsedAt: token.last_used_at }),
  };
}

/**
 * A token is inactive when it was revoked or is past its date, and for nothing else (gitlabhq/gitlabhq,
 * app/models/personal_access_token.rb, `active?`).
 */
function stateOf({ active, revoked, expires_at: expiresAt }: AccessToken): CredentialState {
  if (revoked) return 'revoked';
  if (active) return 'active';
  return expiresAt === null ? 'disabled' : 'expired';
}
