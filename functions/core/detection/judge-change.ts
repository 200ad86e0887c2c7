import type { Access } from './access.ts';
import type { Baseline } from './baseline.ts';
import { STAYS, seenFrom, type Circumstances, type Judgement, type Unusual, type Watched } from './unusual.ts';

const WORDS = {
  value: 'changed its value or moved a label',
  policy: 'changed its resource policy',
  tags: 'changed its tags',
  replicas: 'copied it into another Region',
} as const;

/** Somebody other than Keyturn changed a token. What was done before Keyturn looked after it is how it was set up. */
export function judgeChange(token: Watched, baseline: Baseline, access: Access, about: Circumstances): Judgement {
  if (access.at < token.enrolledAt) return { baseline, unusual: [] };
  switch (access.deed) {
    case 'value':
    case 'policy':
    case 'tags':
    case 'replicas':
      return { baseline, unusual: [changed(access, access.deed)] };
    case 'rotation-off':
      return { baseline, unusual: [rotationOff(access, `${access.principal} switched its rotation off ${seenFrom(access)}; it should be on.`)] };
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

function changed(access: Access, what: keyof typeof WORDS): Unusual {
  const detail = `${access.principal} ${WORDS[what]} ${seenFrom(access)}; only a rotation was expected to.`;
  return { kind: 'changed-outside', subject: what, severity: what === 'tags' ? 'info' : 'warning', until: access.at + STAYS.change, detail };
}

/** RotateSecret switches rotation on, and may point it at another function, which is then given the pending value. */
function rotationSet(baseline: Baseline, access: Access, about: Circumstances): Judgement {
  const { rotationFunction } = access;
  if (rotationFunction === undefined || about.isRotationFunction(rotationFunction)) return { baseline, unusual: [], over: ['rotation-off'] };
  const detail = `${access.principal} pointed its rotation at ${rotationFunction.slice(0, 200)} ${seenFrom(access)}, which is not Keyturn's function.`;
  return { baseline, unusual: [{ ...rotationOff(access, detail), severity: 'critical' }] };
}

/** It stands until rotation is found to be on again, here or at an inspection. */
function rotationOff(access: Access, detail: string): Unusual {
  return { kind: 'rotation-off', subject: '', severity: 'warning', until: access.at + STAYS.rotation, detail };
}

/** A secret that is scheduled for deletion cannot be read (Secrets Manager API Reference, "DeleteSecret"). The next inspection sees it too, and goes on telling. */
function deletion(access: Access): Unusual {
  const detail = `${access.principal} scheduled its deletion ${seenFrom(access)}; consumers cannot read it from now on.`;
  return { kind: 'secret-deleted', subject: '', severity: 'critical', until: access.at + STAYS.deletion, detail };
}
