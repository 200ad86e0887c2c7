import { KeyturnError } from '../../core/basics/errors.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Attempt, Mint } from '../../core/token/attempt.ts';
import { isUnderWay } from '../../core/token/lookups.ts';
import { answeredMint } from '../../core/token/mint-notes.ts';
import type { Token } from '../../core/token/token.ts';
import { type Step, attemptIn } from './step.ts';
import { endGrace } from './give-up.ts';

/** What an attempt made after its end is accounted for once more. */
export function accountable(attempt: Attempt): Attempt {
  return isUnderWay(attempt) ? attempt : { ...attempt, tidy: false };
}

/** Notes what an attempt made, once. */
export function notedMint(
  mint: Partial<Mint> & { readonly handle: string; readonly fingerprint: string },
): (attempt: Attempt) => Attempt {
  return (attempt) =>
    attempt.mints.some((one) => one.fingerprint === mint.fingerprint)
      ? attempt
      : accountable(answeredMint(attempt, mint));
}

/**
 * Whoever writes a secret may put a value into its pending version: one that this attempt did not note is
 * neither installed nor promoted.
 */
export async function requireNoted(
  step: Step,
  token: Token,
  fingerprint: string,
  ports: Ports,
): Promise<void> {
  if (attemptIn(token, step).mints.some((mint) => mint.fingerprint === fingerprint)) return;
  await endGrace(
    step,
    new KeyturnError(
      'new-credential-rejected',
      `The pending version of ${step.secret.name} holds a value that Keyturn did not make.`,
    ),
    ports,
  );
}
