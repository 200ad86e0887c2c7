import { KeyturnError } from '../../core/basics/errors.ts';
import type { PairedSession } from '../../core/issuer/provider.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { ValuePlace } from '../../core/secret-text/value-place.ts';
import { liveCredentials } from '../../core/token/known-credentials.ts';
import type { Token } from '../../core/token/token.ts';
import { currentValue } from '../rotation/current-value.ts';

interface LostSecond {
  readonly token: Token;
  readonly secret: SecretDescription;
  readonly place: ValuePlace;
  /** What somebody else put into the version of the rotation that was to hold it. */
  readonly staged: Secret | undefined;
}

/**
 * Ends the second value of an account that a creation of ours left, whose answer was lost: no secret holds
 * it. What AWSCURRENT holds goes on, and the issuer is asked which of the two that is. Nothing ends where
 * another value is known to be the second: there is room for one. Error: `still-needed` where that cannot be
 * told.
 */
export async function endLostSecond(
  session: PairedSession,
  { token, secret, place, staged }: LostSecond,
  ports: Ports,
): Promise<void> {
  if (liveCredentials(token).length > 1) return;
  const held = secret.deletedAt === undefined ? await currentValue(secret, place, ports) : undefined;
  if (!held)
    throw new KeyturnError(
      'still-needed',
      `A rotation of ${secret.name} may have left a second value at ${session.account}, and the value that ` +
        'has to go on there cannot be read.',
    );
  if (staged && !staged.equals(held.value) && (await isAccepted(session, staged))) return;
  await session.endLost(held.value);
}

async function isAccepted(session: PairedSession, value: Secret): Promise<boolean> {
  const shown = await session.ask(value);
  if (shown.outcome === 'unknown')
    throw new KeyturnError(
      'still-needed',
      `It is not known whether ${session.account} has two values. ${shown.reason}`,
    );
  return shown.outcome === 'active';
}
