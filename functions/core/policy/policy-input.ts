/** A policy as owners write it, in a manifest, in tags or in settings: how it is read, and written again. */
import * as z from 'zod';
import { formatFreeze, parseFreeze } from '../basics/freezes.ts';
import { formatWindow, parseWindow } from '../basics/weekly-windows.ts';
import { formatDuration, parseDuration, type Millis } from '../basics/time.ts';
import {
  Evidence,
  OnContainmentDeadline,
  OnInactive,
  OnMaxAge,
  OnMaxGrace,
  Overlap,
  type Policy,
  Sensitivity,
} from './policy.ts';

/** A text that a reader understands, read into what it means. */
function readable<T>(read: (text: string) => T | undefined, what: string) {
  return z.string().transform((text, context): T => {
    const meaning = read(text);
    if (meaning !== undefined) return meaning;
    context.addIssue({ code: 'custom', message: `"${text}" is not ${what}` });
    return z.NEVER;
  });
}

/** A duration as people write it (`30d`, `12h`, `15m`), read into milliseconds. */
export const Duration = readable<Millis>(parseDuration, 'a duration like 30d, 12h or 15m');

const WindowText = readable(parseWindow, 'a window like mon-fri 09:00-17:00 Europe/Berlin');

const FreezeText = readable(parseFreeze, 'a freeze like 2026-12-20..2027-01-05 Europe/Berlin');

/** The policy as owners write it, in a manifest or in tags; every field may be left out. */
export const PolicyInput = z.strictObject({
  rotateEvery: Duration.optional(),
  maxAge: Duration.optional(),
  rotateBeforeExpiry: Duration.optional(),
  warnBefore: z.array(Duration).optional(),
  minGrace: Duration.optional(),
  maxGrace: Duration.optional(),
  evidence: Evidence.optional(),
  unusedFor: Duration.optional(),
  cacheTtl: Duration.optional(),
  onMaxGrace: OnMaxGrace.optional(),
  rotationWindows: z.array(WindowText).optional(),
  freezes: z.array(FreezeText).optional(),
  jitter: Duration.optional(),
  maxLifetime: Duration.optional(),
  scopes: z.array(z.string().min(1)).optional(),
  onInactive: OnInactive.optional(),
  onMaxAge: OnMaxAge.optional(),
  rotateAfter: z.string().min(1).optional(),
  soakTime: Duration.optional(),
  bakeTime: Duration.optional(),
  healthSignals: z.array(z.string().min(1)).optional(),
  baselinePeriod: Duration.optional(),
  sensitivity: Sensitivity.optional(),
  containmentDeadline: Duration.optional(),
  onContainmentDeadline: OnContainmentDeadline.optional(),
  disableWait: Duration.optional(),
  overlap: Overlap.optional(),
});

export type PolicyInput = z.input<typeof PolicyInput>;

/** The same, read. */
export type StatedPolicy = z.output<typeof PolicyInput>;

/** Without what each token has to say for itself. */
const DefaultPolicy = PolicyInput.omit({ overlap: true });

/** Policies that hold where a token states nothing: for all, by issuer, by environment; the later win. */
export const PolicyDefaults = z.strictObject({
  all: DefaultPolicy.optional(),
  issuers: z.record(z.string(), DefaultPolicy).optional(),
  environments: z.record(z.string(), DefaultPolicy).optional(),
});

export type PolicyDefaults = z.output<typeof PolicyDefaults>;

/** What holds for tokens of an issuer in an environment, where they state nothing themselves. */
export function defaultsFor(
  about: { issuer: string; environment: string },
  { all, issuers, environments }: PolicyDefaults,
): StatedPolicy {
  return { ...all, ...issuers?.[about.issuer], ...environments?.[about.environment] };
}

/** What is stated of something, field by field. */
export function withoutUndefined<T extends object>(given: T): Partial<T> {
  const stated: Partial<T> = { ...given };
  for (const [key, value] of Object.entries(given))
    if (value === undefined) Reflect.deleteProperty(stated, key);
  return stated;
}

/** A policy, or part of one, as people write it. Inverse of {@link PolicyInput}. */
export function policyText(policy: StatedPolicy | Policy): PolicyInput {
  const length = (given: Millis | undefined): string | undefined =>
    given === undefined ? undefined : formatDuration(given);
  return {
    rotateEvery: length(policy.rotateEvery),
    maxAge: length(policy.maxAge),
    rotateBeforeExpiry: length(policy.rotateBeforeExpiry),
    warnBefore: policy.warnBefore?.map(formatDuration),
    minGrace: length(policy.minGrace),
    maxGrace: length(policy.maxGrace),
    evidence: policy.evidence,
    unusedFor: length(policy.unusedFor),
    cacheTtl: length(policy.cacheTtl),
    onMaxGrace: policy.onMaxGrace,
    rotationWindows: policy.rotationWindows?.map(formatWindow),
    freezes: policy.freezes?.map(formatFreeze),
    jitter: length(policy.jitter),
    maxLifetime: length(policy.maxLifetime),
    scopes: policy.scopes && [...policy.scopes],
    onInactive: policy.onInactive,
    onMaxAge: policy.onMaxAge,
    rotateAfter: policy.rotateAfter,
    soakTime: length(policy.soakTime),
    bakeTime: length(policy.bakeTime),
    healthSignals: policy.healthSignals && [...policy.healthSignals],
    baselinePeriod: length(policy.baselinePeriod),
    sensitivity: policy.sensitivity,
    containmentDeadline: length(policy.containmentDeadline),
    onContainmentDeadline: policy.onContainmentDeadline,
    disableWait: length(policy.disableWait),
    overlap: policy.overlap,
  };
}
