import { KeyturnError } from '../../core/basics/errors.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import { isBehindOwnMove } from '../../core/token/staleness.ts';
import { attemptOf, credentialOf } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';

/**
 * AWSPENDING on a version that became AWSCURRENT goes when its rotation is complete, or never
 * (docs/sandbox.md names the sources). Once such a version is no longer current, the label blocks every
 * further rotation: "A previous rotation isn't complete" (API Reference, "RotateSecret").
 */

/**
 * Whether whatever put a version under AWSPENDING is over by the record: its attempt ended, or it was a
 * credential of the token before.
 */
export function isPendingOver(token: Token, versionId: string): boolean {
  const attempt = attemptOf(token, versionId);
  return attempt ? attempt.state === 'promoted' : credentialOf(token, versionId) !== undefined;
}

/**
 * Takes AWSPENDING off a version, by compare-and-swap. A label that is elsewhere by now, or nowhere, is a
 * success.
 */
export async function clearPending(
  secretArn: string,
  versionId: string,
  ports: Pick<Ports, 'secrets'>,
): Promise<void> {
  try {
    await ports.secrets.moveLabel(secretArn, 'AWSPENDING', { from: versionId, to: undefined });
  } catch (error) {
    if (!(error instanceof KeyturnError && error.code === 'conflict')) throw error;
  }
}

/**
 * What an answer shows from before Keyturn's own move is neither somebody's move nor news. Error:
 * `not-visible-yet`.
 */
export function requireVisible(
  token: Token,
  secret: Pick<SecretDescription, 'versions'>,
  ports: Pick<Ports, 'now'>,
): void {
  if (!isBehindOwnMove(token, secret.versions, ports.now())) return;
  throw new KeyturnError(
    'not-visible-yet',
    `Secrets Manager shows the labels of ${token.name} as they were before AWSCURRENT was moved: they ` +
      'are looked at again later.',
  );
}
