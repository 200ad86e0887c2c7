import type { ErrorCode } from '../basics/error-rules.ts';
import { incidentsOf, isOpen } from '../incidents/incidents.ts';
import { currentOf } from '../token/lookups.ts';
import type { Token } from '../token/token.ts';
import { DAY, HOUR, formatInstant, type Instant, type Millis } from '../basics/time.ts';

/** One cause loses one credential in this time. */
const LOST_EVERY: Millis = DAY;
/**
 * The same while a leaked credential waits for its replacement, or the current one would end within the
 * longer time, or was ended by the creation that was lost.
 */
const LOST_EVERY_URGENT: Millis = HOUR;
/** A cause is remembered for so long after the last credential that it cost. */
const REMEMBERED: Millis = 2 * DAY;

/** Why a credential that an issuer had made came to nothing. */
export interface LostCause {
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * The code of what could not be stored, or not be recorded in full: here a test of the store tells whether
 * the cause is over.
 */
export const NOT_STORED = 'not-stored' satisfies ErrorCode;

/**
 * Notes a credential that was made and could not be kept. The same cause soon again counts on, so that it
 * gets fewer tries.
 */
export function withLostMint(token: Token, cause: LostCause, now: Instant): Token {
  const before = token.lostMint;
  const isSame =
    before !== undefined &&
    before.code === cause.code &&
    before.message === cause.message &&
    now - before.at < REMEMBERED;
  return {
    ...token,
    lostMint: { code: cause.code, message: cause.message, at: now, count: isSame ? before.count + 1 : 1 },
  };
}

/**
 * Before this nothing is made again, since the last credential was lost for a cause that lasts; 0 where
 * nothing stands against it. What could not be stored gets a second try once a test of the store succeeds:
 * where that credential is lost too, the test is no witness, and a day has to pass. A person who asks for a
 * rotation after it does not wait.
 */
export function nextMintAt(token: Token): Instant {
  const { lostMint: lost, rotateRequestedAt = 0 } = token;
  if (lost === undefined || rotateRequestedAt > lost.at) return 0;
  if (lost.code === NOT_STORED && lost.count === 1) return 0;
  return lost.at + (isUrgent(token, lost.at) ? LOST_EVERY_URGENT : LOST_EVERY);
}

function isUrgent(token: Token, lostAt: Instant): boolean {
  const isLeaked = incidentsOf(token).some(
    (one) => isOpen(one) && one.held !== true && one.replacedAt === undefined,
  );
  const current = currentOf(token);
  const isEnding = (current?.expiresAt ?? Infinity) <= lostAt + LOST_EVERY;
  return isLeaked || isEnding || current?.replacing !== undefined;
}

/** Whether the store has to show that it takes a version before anything is made for it. */
export function wantsStoreTest(token: Token): boolean {
  return token.lostMint?.code === NOT_STORED && (token.lostMint.storableAt ?? -Infinity) <= token.lostMint.at;
}

/**
 * The secret took a version, and the keys worked: what kept the last credential from being stored seems to be
 * over.
 */
export function storable(token: Token, now: Instant): Token {
  return token.lostMint ? { ...token, lostMint: { ...token.lostMint, storableAt: now } } : token;
}

/**
 * What keeps the next credential from being made, as the finding tells it: the first cause, and when there is
 * another try.
 */
export function lostMintText(name: string, lost: NonNullable<Token['lostMint']>, next: Instant): string {
  const until =
    next === 0
      ? 'Nothing more is made before Secrets Manager takes a version again'
      : `Nothing more is made before ${formatInstant(next)}, unless a person runs \`keyturn rotate\``;
  return (
    `A credential that was made for ${name} ${formatInstant(lost.at)} could not be kept: ` +
    `${lost.message.replace(/\.$/, '')}. ${until}.`
  );
}
