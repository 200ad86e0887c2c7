import { KeyturnError } from '../../core/basics/errors.ts';
import type { Minted } from '../../core/issuer/provider.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { TAGS } from '../../core/policy/tags.ts';
import { DAY, type Millis } from '../../core/basics/time.ts';
import type { Token } from '../../core/token/token.ts';
import type { Step } from './step.ts';

/**
 * A credential that was made otherwise than asked is on record by now: it is given up, and revoked when the
 * attempt is settled.
 */
export function requireAsAsked(step: Step, { differs }: Minted): void {
  if (differs !== undefined)
    throw new KeyturnError(
      'new-credential-rejected',
      `The issuer made a credential for ${step.secret.name} with ${differs}, not as it was asked to; ` +
        'it is given up.',
    );
}

/** Where an issuer keeps dates, the life that was asked for is rounded up to the next one. */
const ROUNDED_BY = DAY;

/**
 * What the issuer made may be allowed no more, and last no longer, than the policy says; else it is given up,
 * and revoked when the attempt is settled.
 */
export function requireAsAllowed(
  step: Step,
  token: Token,
  made: { scopes: readonly string[] | undefined; life: Millis | undefined },
): void {
  const { policy } = token;
  const wide = scopesBeyond(policy, made.scopes);
  if (wide.length > 0)
    throw new KeyturnError(
      'not-granted',
      `The new credential of ${step.secret.name} is allowed ${wide.join(' ')}, which its policy does ` +
        'not allow.',
    );
  if (
    policy.maxLifetime !== undefined &&
    made.life !== undefined &&
    made.life > policy.maxLifetime + ROUNDED_BY
  )
    throw new KeyturnError(
      'not-granted',
      `The new credential of ${step.secret.name} would last longer than its policy allows.`,
    );
}

/** Nothing is made whose grant is wider than the policy. Error: `not-granted`. */
export function requireWithin(token: Token, scopes: readonly string[] | undefined): void {
  const wide = scopesBeyond(token.policy, scopes);
  if (wide.length > 0)
    throw new KeyturnError(
      'not-granted',
      `The grant of ${token.name} has the scopes ${wide.join(' ')}, which its policy does not allow: ` +
        `narrow the grant, or widen the tag ${TAGS.scopes}.`,
    );
}

function scopesBeyond({ scopes: allowed }: Policy, scopes: readonly string[] | undefined): string[] {
  return allowed === undefined || scopes === undefined
    ? []
    : scopes.filter((scope) => !allowed.includes(scope));
}
