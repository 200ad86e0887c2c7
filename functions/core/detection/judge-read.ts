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
import { burstIn, noncurrentReadIn, readAfterSilenceIn } from './unusual-time-or-version.ts';

/** Compares a read with the baseline, and takes it into the baseline. */
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
  const unusual = [
    unrecognizedReader,
    place,
    readAfterSilenceIn(look),
    noncurrentReadIn(look),
    burstIn(look),
  ].filter((one) => one !== undefined);
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

/**
 * Learning begins with the first read by a reader who may become usual.
 * Where detection is off, every read is learned: what is usual when it is switched on is not reported.
 */
function isLearningAt({ policy }: Watched, baseline: Baseline, at: Instant): boolean {
  return (
    policy.sensitivity === 'off' ||
    !baseline.readers.some((one) => one.known) ||
    at < baseline.since + policy.baselinePeriod
  );
}
