// Whether a token of a manifest may be an admin secret.
import { adminSecretOf } from '../../../functions/core/basics/names.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';

/**
 * A slip must not hand an admin credential to anything; where its issuer makes no successor, there is nothing
 * to manage.
 */
export function adminProblem(token: {
  secret: string;
  issuer: string;
  isAdmin?: true | undefined;
}): string | undefined {
  const owner = adminSecretOf(token.secret);
  if (owner === undefined) return token.isAdmin ? 'is no admin secret: leave isAdmin out' : undefined;
  if (!token.isAdmin)
    return 'names an admin secret: name the secret that consumers read, or say isAdmin: true';
  if (owner !== token.issuer) return `is the admin secret of ${owner}: write that issuer`;
  return DESCRIPTORS.find(({ id }) => id === owner)?.admin.successor === 'minted'
    ? undefined
    : `holds a credential that only a person can make at ${owner}: leave it out, Keyturn watches it all ` +
        'the same';
}
