import type { Severity } from '../findings/findings.ts';
import type { Access } from './access.ts';
import { denied } from './learn-access.ts';
import type { Baseline } from './baseline.ts';
import { STAYS, seenFrom, type Judgement, type Watched } from './anomaly.ts';
import { limitsOf } from './sensitivity.ts';

/**
 * Somebody tried what they may not. One denial is often a role that is being set up; many, or from outside,
 * are not. Many tokens at once are the installation's affair: `estate-wide.ts`.
 */
export function judgeDenial(token: Watched, before: Baseline, access: Access): Judgement {
  const baseline = denied(before, access.principal, access.at);
  const weight = baseline.denials.find((one) => one.id === access.principal)?.weight ?? 0;
  const severity: Severity =
    access.isForeign || access.isRoot || Math.round(weight) >= limitsOf(token.policy).denials
      ? 'warning'
      : 'info';
  const isReader = before.readers.some((one) => one.id === access.principal && one.known);
  const expected = isReader
    ? 'it is a known reader, so its permissions may have changed'
    : 'it is no known reader';
  const detail =
    `${access.principal} was denied ${access.deed === 'read' ? 'a read' : 'a change'} ` +
    `${seenFrom(access)}, about ${Math.max(1, Math.round(weight))} times within a day; ${expected}.`;
  return {
    baseline,
    unusual: [
      {
        kind: 'access-denied',
        subject: access.principal,
        severity,
        until: access.at + STAYS.denial,
        detail,
        sight: access,
      },
    ],
  };
}
