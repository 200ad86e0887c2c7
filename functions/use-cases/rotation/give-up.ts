import type { KeyturnError } from '../../core/basics/errors.ts';
import type { ErrorCode } from '../../core/basics/error-rules.ts';
import { nextMintAt, withLostMint } from '../../core/rotation/lost-creations.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { attemptOf } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import { change } from '../inventory/store.ts';
import type { Step } from './step.ts';
import { releasing } from './lease-attempt.ts';

/** Writes down that the new value cannot be used; the sweep aborts the attempt. */
export async function endGrace(step: Step, why: KeyturnError, ports: Ports): Promise<never> {
  await change(step.tokenId, ports, (token) =>
    withFirstError(
      releasing(step, (attempt) => ({ ...attempt, inactive: true }))(token),
      step.event.requestToken,
      why,
    ),
  );
  throw why;
}

/** Whose failure only says that something is waited for; what fails after it says more. */
const WAITS: ReadonlySet<string> = new Set([
  'credential-not-active-yet',
  'issuer-throttled',
  'issuer-unreachable',
] satisfies ErrorCode[]);

/** Keeps why an attempt failed: its first cause, since what follows from that tells nothing new. */
export function withFirstError(token: Token, attempt: string, why: KeyturnError): Token {
  const known = token.lastError?.attempt === attempt ? token.lastError : undefined;
  const isFirst = known === undefined || (WAITS.has(known.code) && !WAITS.has(why.code));
  if (isFirst)
    return {
      ...token,
      lastError: { code: why.code, message: why.message, lasting: !why.rule.retry, attempt },
    };
  return why.rule.retry || known.lasting ? token : { ...token, lastError: { ...known, lasting: true } };
}

/**
 * Gives up an attempt whose credential was made and cannot be kept, and has the cause remembered: it is on
 * record by then, and is revoked when the attempt is settled.
 */
export async function giveUpMade(step: Step, why: KeyturnError, ports: Ports): Promise<never> {
  await change(step.tokenId, ports, (token) => {
    const noted = withFirstError(
      releasing(step, (attempt) => ({ ...attempt, inactive: true }))(token),
      step.event.requestToken,
      why,
    );
    const lost =
      attemptOf(token, step.event.requestToken)?.halted === true
        ? noted
        : withLostMint(noted, why, ports.now());
    const isLasting = nextMintAt(lost) > ports.now();
    return isLasting && lost.lastError ? { ...lost, lastError: { ...lost.lastError, lasting: true } } : lost;
  });
  throw why;
}
