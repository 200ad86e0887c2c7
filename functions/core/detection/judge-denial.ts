import type { Severity } from '../findings.ts';
import type { Access } from './access.ts';
import { denied, type Baseline } from './baseline.ts';
import { STAYS, seenFrom, type Circumstances, type Judgement, type Watched } from './unusual.ts';
import { limitsOf } from './sensitivity.ts';

/** A principal denied on so many tokens within one batch of events goes from door to door. */
const MANY_DOORS = 3;

/** Somebody tried what they may not. One denial is often a role that is being set up; many, or at many doors, or from outside, are not. */
export function judgeDenial(token: Watched, before: Baseline, access: Access, about: Circumstances): Judgement {
  const baseline = denied(before, access.principal, access.at);
  const weight = baseline.denials.find((one) => one.id === access.principal)?.weight ?? 0;
  const doors = about.denials.get(access.principal) ?? 1;
  const severity: Severity = access.isForeign || doors >= MANY_DOORS || Math.round(weight) >= limitsOf(token.policy).denials ? 'warning' : 'info';
  const often = `${Math.max(1, Math.round(weight))} times within a day${doors > 1 ? `, and on ${doors - 1} other tokens at the same time` : ''}`;
  const isReader = before.readers.some((one) => one.id === access.principal && one.known);
  const expected = isReader ? 'it is a known reader, so its permissions may have changed' : 'it is no known reader';
  const detail = `${access.principal} was denied ${access.deed === 'read' ? 'a read' : 'a change'} ${seenFrom(access)}, about ${often}; ${expected}.`;
  return { baseline, unusual: [{ kind: 'denied-calls', subject: access.principal, severity, until: access.at + STAYS.denial, detail }] };
}
