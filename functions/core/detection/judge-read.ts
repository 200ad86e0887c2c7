/** Compares one read of a token with the token's baseline, and takes the read into the baseline. */
import type { Instant } from '../basics/time.ts';
import type { Access } from './access.ts';
import { learnt } from './learn-access.ts';
import type { Baseline } from './baseline.ts';
import type { Circumstances, Judgement, Watched } from './anomaly.ts';
import { counted } from './read-rate.ts';
import { versionRead } from './readers.ts';
import { limitsOf } from './sensitivity.ts';
import { type Look, isNewRegion, newPlaceIn, unrecognizedReaderIn } from './unusual-reader.ts';
import { burstIn, staleIn, wakingIn } from './unusual-time-or-version.ts';

/** Holds a read against the habits, and learns it. */
export function judgeRead(
  token: Watched,
  baseline: Baseline,
  access: Access,
  about: Circumstances,
): Judgement {
  const reader = baseline.readers.find((one) => one.id === access.principal);
  const read = versionRead(token, access);
  const look: Look = {
    token,
    baseline,
    access,
    limits: limitsOf(token.policy),
    reader,
    read,
    isLearning: isLearningAt(token, baseline, access.at),
  };
  const unrecognizedReader = unrecognizedReaderIn(look);
  const place = unrecognizedReader ? undefined : newPlaceIn(look, about);
  const unusual = [unrecognizedReader, place, wakingIn(look), staleIn(look), burstIn(look)].filter(
    (one) => one !== undefined,
  );
  const { at, principal, role, network, region, agent } = access;
  const isKnown = {
    principal: unrecognizedReader === undefined,
    network: place === undefined,
    region: !isNewRegion(look, about),
  };
  const next = learnt(baseline, {
    at,
    principal,
    role,
    network,
    region,
    agent,
    version: read.version,
    isKnown,
  });
  return { baseline: { ...next, rate: counted(baseline.rate, at, look.limits.burst) }, unusual };
}

/** Learning begins with the first read by somebody who may become usual. Where nothing is told, all of it is learnt: what has become usual by the time that detection is switched on is not told of. */
function isLearningAt({ policy }: Watched, baseline: Baseline, at: Instant): boolean {
  return (
    policy.sensitivity === 'off' ||
    !baseline.readers.some((one) => one.known) ||
    at < baseline.since + policy.baselinePeriod
  );
}
