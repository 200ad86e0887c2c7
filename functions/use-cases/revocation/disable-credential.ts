import { KeyturnError } from '../../core/basics/errors.ts';
import { withCredential } from '../../core/token/transitions.ts';
import { telling } from '../../core/token/telling.ts';
import { isDisabledFirst } from '../../core/revocation/disable-first.ts';
import { refusedWithin } from '../../core/issuer/issuer-facts.ts';
import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { toggleOf, type Session } from '../../core/issuer/provider.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { MINUTE, formatInstant, type Instant, type Millis } from '../../core/basics/time.ts';
import { credentialOf } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';
import { change } from '../inventory/store.ts';
import type { Work } from '../open-token/context.ts';
import { disable } from './index.ts';
import { withLastLook } from './note-last-look.ts';
import type { Disabling, Refusal } from './target.ts';

/** Whether it is disabled is looked at for the first time after this, or after the issuer's own lag. */
const FIRST_LOOK: Millis = 5 * MINUTE;

/** What came of it: `refusal` is the guard's. Where it is not disabled, it is to be revoked. */
export interface DisabledFirst {
  readonly record: Loaded;
  readonly isDisabled: boolean;
  readonly refusal?: Refusal;
}

/**
 * Disables what leaked before it is revoked, where its issuer can, so that a wrong report can be taken back.
 * Nothing waits for it: what the issuer does not say in so many words is noted, and the credential is revoked
 * at once.
 */
export async function disableFirst(
  work: Work,
  one: Credential,
  session: Session,
  ports: Ports,
): Promise<DisabledFirst> {
  const { token } = work.record;
  const facts = ports.descriptor(token.provider);
  if (!toggleOf(session) || !facts) return { record: work.record, isDisabled: false };
  const { permits } = await ports.inventory.loadPermits(work.tokenId);
  if (!isDisabledFirst(token, one, { permits, facts, now: ports.now() }))
    return { record: work.record, isDisabled: false };
  const result = await guarded(work, one, session, ports);
  switch (result?.outcome) {
    case 'disabled':
      return {
        record: await change(work.record, ports, (same) =>
          withLastLook(withDisabled(same, one, { now: ports.now(), by: work.by, facts }), result.looked),
        ),
        isDisabled: true,
      };
    case 'refused':
      return { record: work.record, isDisabled: false, refusal: result.refusal };
    case 'failed':
      ports.log.warn('a leaked credential could not be disabled, and is revoked at once', {
        tokenId: work.tokenId,
        credential: one.id,
        reason: result.reason,
      });
      return {
        record: await change(work.record, ports, (same) =>
          withCredential(same, one.id, (known) => ({ ...known, notDisabledAt: ports.now() })),
        ),
        isDisabled: false,
      };
    case undefined:
      return { record: work.record, isDisabled: false };
  }
}

/** What keeps the guard from looking keeps it from looking at the revocation too, where it is told. */
async function guarded(
  work: Work,
  one: Credential,
  session: Session,
  ports: Ports,
): Promise<Disabling | undefined> {
  try {
    return await disable({ tokenId: work.tokenId, credentialId: one.id }, session, work.place, ports);
  } catch (error) {
    if (error instanceof KeyturnError) return undefined;
    throw error;
  }
}

/**
 * One that another act took up meanwhile is not waited for: only what may be true of it is noted.
 */
function withDisabled(
  token: Token,
  one: Credential,
  seen: { now: Instant; by: string; facts: ProviderDescriptor },
): Token {
  const { now, by, facts } = seen;
  const isStill = credentialOf(token, one.id)?.state === 'revoking';
  const noted = withCredential(token, one.id, (same) =>
    isStill
      ? {
          ...same,
          disabledAt: now,
          lookAt: now + Math.max(FIRST_LOOK, refusedWithin(facts)),
          problem: undefined,
          verdict: undefined,
        }
      : { ...same, notDisabledAt: now },
  );
  return telling(noted, {
    what: 'disabled',
    about: one.handle ?? one.id,
    detail:
      `${one.handle ?? one.id} is disabled at its issuer, since ${one.reason ?? 'it leaked'}. It is ` +
      `revoked ${formatInstant(now + token.policy.disableWait)}, or earlier where its slot is needed. ` +
      `If the report is wrong, run \`keyturn enable ${token.name} ${one.id} --reason TEXT\` before.`,
    by,
    at: now,
  });
}
