import { pendingDeliveryOf } from '../delivery/deliveries.ts';
import { isUnanswered } from '../incidents/forget-rotation.ts';
import type { Attempt } from '../token/attempt.ts';
import type { Observation } from '../findings/findings.ts';
import { isUnderWay, openAttempt } from '../token/lookups.ts';
import type { Token } from '../token/token.ts';
import { DAY, HOUR, formatInstant, type Instant, type Millis } from '../basics/time.ts';

/** What should be over within minutes is reported after this. */
export const WAIT_TOLD_AFTER: Millis = DAY;
/** A rollback is reported after this. */
export const RESTORE_WITHIN: Millis = 6 * HOUR;

/** What waits for longer than anything should, although nothing went wrong that has a finding of its own. */
export function assessWaits(token: Token, now: Instant): Observation[] {
  return waitsOf(token).flatMap(({ since, told }) => (now >= since ? [told] : []));
}

/** Moments at which that changes by itself. */
export function waitTimes(token: Token): Instant[] {
  return waitsOf(token).map(({ since }) => since);
}

interface Wait {
  /** From when on it is reported. */
  readonly since: Instant;
  readonly told: Observation;
}

function waitsOf(token: Token): Wait[] {
  return [
    ...unaccounted(token),
    ...notBegun(token),
    ...restoring(token),
    ...suspected(token),
    ...undelivered(token),
  ];
}

function unaccounted(token: Token): Wait[] {
  return token.attempts
    .filter((one) => !isUnderWay(one) && one.tidy !== true)
    .map((one) => {
      const ended = one.endedAt ?? one.deadline;
      return {
        since: ended + WAIT_TOLD_AFTER,
        told: {
          kind: 'rotation-stuck',
          severity: 'warning',
          detail:
            `What the rotation ${one.id} made is not accounted for, although it ended ` +
            `${formatInstant(ended)}: its issuer has not told what it lists.${wayOut(token, one)}`,
        },
      };
    });
}

/** Where an answer was lost, nothing but the issuer can end the search, or a person. */
function wayOut({ name }: Token, one: Attempt): string {
  return one.mints.some(isUnanswered)
    ? ` If its account there is gone for good, run \`keyturn forget ${name} ${one.id} --reason TEXT\`.`
    : '';
}

function notBegun(token: Token): Wait[] {
  const asked = token.rotateRequestedAt;
  if (asked === undefined || openAttempt(token) || token.ending !== undefined) return [];
  return [
    {
      since: asked + WAIT_TOLD_AFTER,
      told: {
        kind: 'rotation-stuck',
        severity: 'warning',
        detail: `A rotation that was asked for ${formatInstant(asked)} has not succeeded.`,
      },
    },
  ];
}

function restoring(token: Token): Wait[] {
  return token.credentials
    .filter((one) => one.state === 'rolling-back')
    .map((one) => {
      const begun = one.revocationBegunAt ?? one.supersededAt ?? token.enrolledAt;
      const detail =
        `The credential ${one.handle ?? one.id} should be current again since ${formatInstant(begun)}, ` +
        'and is not.';
      return {
        since: begun + RESTORE_WITHIN,
        told: { kind: 'rollback-failed', subject: one.handle ?? one.id, severity: 'critical', detail },
      };
    });
}

function suspected(token: Token): Wait[] {
  return token.suspects.map(({ handle, seenAt }) => ({
    since: seenAt + WAIT_TOLD_AFTER,
    told: {
      kind: 'credential-orphaned',
      subject: handle,
      severity: 'warning',
      detail:
        `The credential ${handle} has looked lost since ${formatInstant(seenAt)}, and its issuer has not ` +
        'been heard of again.',
    },
  }));
}

function undelivered(token: Token): Wait[] {
  return (token.consumers ?? []).flatMap((consumer): Wait[] => {
    const delivery = pendingDeliveryOf(token, consumer)?.delivery;
    if (delivery?.state !== 'pending') return [];
    const detail =
      `The consumer ${consumer.name} has not received version ${delivery.credentialId}, which is current ` +
      `since ${formatInstant(delivery.promotedAt)}: it could not be delivered.`;
    return [
      {
        since: delivery.promotedAt + WAIT_TOLD_AFTER,
        told: { kind: 'delivery-failed', subject: consumer.name, severity: 'warning', detail },
      },
    ];
  });
}
