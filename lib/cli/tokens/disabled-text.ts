import { disabledUntil, isDisabled } from '../../../functions/core/token/disabled.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';
import { fromNow } from '../output/words.ts';

/** When a disabled credential is revoked, in a sentence; undefined for one that is not disabled. */
export function untilText(token: Pick<Token, 'policy'>, one: Credential, now: Instant): string | undefined {
  const until = disabledUntil(token, one);
  if (until === undefined || !isDisabled(one) || one.revokedAt !== undefined) return undefined;
  return until > now
    ? `It is revoked ${fromNow(until, now)}, or earlier where its slot is needed.`
    : 'It is to be revoked now.';
}

/** Which credentials of a token are disabled, since when, and until when: one sentence or two for each. */
export function disabledLines(token: Token, now: Instant): string[] {
  return token.credentials.flatMap((one) => {
    const until = untilText(token, one, now);
    return until === undefined || one.disabledAt === undefined
      ? []
      : [
          `${token.name}: ${one.handle ?? one.id} was disabled at its issuer ` +
            `${fromNow(one.disabledAt, now)}. ${until}`,
        ];
  });
}
