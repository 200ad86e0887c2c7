import { isRetiring, leftBehind } from '../../core/token/retirement.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { withoutRotations } from '../../core/token/deleted-secret.ts';
import { telling } from '../../core/token/telling.ts';
import { mayBeUnseen } from '../../core/token/staleness.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { isRegisteredHere } from '../inventory/registration.ts';
import { change } from '../inventory/store.ts';

/**
 * A secret that is gone, or not registered with this installation any more, leaves its record, detached:
 * nothing is planned for it, and its history stays.
 */
export async function describeOrDetach(
  secretArn: string,
  known: Loaded | undefined,
  by: string,
  ports: Ports,
): Promise<SecretDescription | undefined> {
  try {
    const secret = await ports.secrets.describe(secretArn);
    if (isRegisteredHere(secret, ports)) return secret;
    await detach(
      known,
      { why: 'the secret is not registered with this installation any more', isGone: false, by },
      ports,
    );
  } catch (error) {
    if (!(error instanceof KeyturnError && error.code === 'not-found')) throw error;
    await detach(known, { why: 'the secret is gone', isGone: true, by }, ports);
  }
  return undefined;
}

async function detach(
  known: Loaded | undefined,
  seen: { why: string; isGone: boolean; by: string },
  ports: Ports,
): Promise<void> {
  if (!known) return;
  const now = ports.now();
  if (mayBeUnseen(known.token.enrolledAt, now))
    throw new KeyturnError(
      'not-visible-yet',
      `Secrets Manager does not show the secret ${known.token.name} yet, which was enrolled just now.`,
    );
  await change(known, ports, (token) => {
    if (token.detachedAt !== undefined) return token;
    const deletion = seen.isGone ? { at: Math.min(token.deletion?.at ?? now, now), gone: true } : undefined;
    const left = seen.isGone ? withoutRotations(token, now) : token;
    if (isRetiring(token)) return { ...left, deletion };
    const detail = [seen.why, leftBehind(left)].filter((one) => one !== undefined).join('; ');
    return telling(
      { ...left, detachedAt: now, deletion },
      { what: 'detached', about: String(now), detail, by: seen.by, at: now },
    );
  });
}
