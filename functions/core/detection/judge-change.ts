import type { Access } from './access.ts';
import type { Baseline } from './baseline.ts';
import type { Change } from './change.ts';
import {
  STAYS,
  seenFrom,
  type Circumstances,
  type Judgement,
  type Unusual,
  type Watched,
} from './anomaly.ts';

/**
 * Somebody other than Keyturn changed a token. What was done before Keyturn looked after it is how it was set
 * up.
 */
export function judgeChange(
  token: Watched,
  baseline: Baseline,
  access: Access,
  about: Circumstances,
): Judgement {
  if (access.at < token.enrolledAt) return { baseline, unusual: [] };
  switch (access.deed) {
    case 'changed':
      return { baseline, unusual: access.changes.map((change) => changed(access, change)) };
    case 'rotation-disabled':
      return {
        baseline,
        unusual: [
          rotationOff(
            access,
            `${access.principal} switched its rotation off ${seenFrom(access)}; it should be on.`,
          ),
        ],
      };
    case 'rotation-set':
      return rotationSet(baseline, access, about);
    case 'deleted':
      return { baseline, unusual: [deletion(access)] };
    case 'restored':
      return { baseline, unusual: [], over: ['secret-deleted'] };
    case 'read':
    case 'key-off':
    case 'key-on':
      return { baseline, unusual: [] };
  }
}

function changed(access: Access, { subject, severity, what }: Change): Unusual {
  const detail = `${access.principal} ${what} ${seenFrom(access)}; it was not Keyturn.`;
  return {
    kind: 'out-of-band-change',
    subject,
    severity,
    until: access.at + STAYS.change,
    detail,
    grows: true,
  };
}

/**
 * RotateSecret switches rotation on, and may point it at another function, which is then given the pending
 * value. Without a function it runs the one that is set (Secrets Manager API Reference, "RotateSecret"),
 * which may be a foreign one: whether all is well again the next inspection sees.
 */
function rotationSet(baseline: Baseline, access: Access, about: Circumstances): Judgement {
  const { rotationFunction } = access;
  if (!rotationFunction) return { baseline, unusual: [] };
  if (about.isRotationFunction(rotationFunction))
    return { baseline, unusual: [], over: ['rotation-disabled'] };
  const detail =
    `${access.principal} pointed its rotation at ${rotationFunction.slice(0, 200)} ${seenFrom(access)}, ` +
    `which is not Keyturn's function.`;
  return { baseline, unusual: [{ ...rotationOff(access, detail), severity: 'critical' }] };
}

/** It stands until rotation is found to be on again, here or at an inspection. */
function rotationOff(access: Access, detail: string): Unusual {
  return {
    kind: 'rotation-disabled',
    subject: '',
    severity: 'warning',
    until: access.at + STAYS.rotation,
    detail,
  };
}

/**
 * A secret that is scheduled for deletion cannot be read, and may be restored; one whose deletion was forced
 * is gone for good (Secrets Manager API Reference, "DeleteSecret"). The next inspection sees it too, and goes
 * on telling.
 */
function deletion(access: Access): Unusual {
  const detail = access.isForced
    ? `${access.principal} deleted it by force, without recovery, ${seenFrom(access)}: it is gone and ` +
      'cannot be restored.'
    : `${access.principal} scheduled its deletion ${seenFrom(access)}; consumers cannot read it from now on.`;
  return {
    kind: 'secret-deleted',
    subject: '',
    severity: 'critical',
    until: access.at + STAYS.deletion,
    detail,
  };
}
