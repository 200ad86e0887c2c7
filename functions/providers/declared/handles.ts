import { KeyturnError } from '../../core/basics/errors.ts';
import type { ListedCredential } from '../../core/issuer/provider.ts';
import { canonicalScopes } from '../scopes.ts';
import type { Declaration } from './declaration.ts';
import type { Entry } from './calls.ts';

interface Of {
  readonly name: string;
  readonly is: Pick<
    Declaration<never, never, never>,
    'handlePrefix' | 'idsReturn' | 'names' | 'scopeWord' | 'id'
  >;
}

/** Where ids return, the time of creation stands in it: without one it is no handle that may be ended. */
export function handleOf({ is, name }: Of, { id, createdAt }: Pick<Entry, 'id' | 'createdAt'>): string {
  const stamp = is.idsReturn ? `@${createdAt ?? ''}` : '';
  return `${name}/${is.handlePrefix ?? ''}${id}${stamp}`;
}

/** The id in a handle. Error: `not-granted` for one of another account, and for one that is none. */
export function idIn({ is, name }: Of, handle: string): string {
  const start = `${name}/${is.handlePrefix ?? ''}`;
  const rest = handle.startsWith(start) ? handle.slice(start.length) : '';
  const [, id = ''] = (is.idsReturn ? /^([^@]*)@\d+$/ : /^([^@]*)$/).exec(rest) ?? [];
  if (new RegExp(`^(?:${is.id.source})$`).test(id)) return id;
  throw new KeyturnError(
    'not-granted',
    `The handle of the credential to revoke is not one of ${name}, which is all that this grant allows.`,
  );
}

/** An entry in the engine's words. */
export function listedCredentialOf(of: Of, entry: Entry): ListedCredential {
  const { name, state, createdAt, expiresAt, lastUsedAt, scopes, onlyFrom } = entry;
  return {
    handle: handleOf(of, entry),
    state,
    active: state === 'active',
    ...(name !== undefined && { name: of.is.names?.back(name) ?? name }),
    ...(createdAt !== undefined && { createdAt }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(lastUsedAt !== undefined && { lastUsedAt }),
    ...(scopes && { scopes: canonicalScopes(scopes, of.is.scopeWord) }),
    ...(onlyFrom && onlyFrom.length > 0 && { onlyFrom }),
  };
}
