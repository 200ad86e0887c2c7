import * as z from 'zod';
import { CanaryWatch } from './canary.ts';
import { OddCaller } from '../detection/odd-callers.ts';
import { Fact } from '../findings/events.ts';
import { Finding } from '../findings/findings.ts';
import { Reported } from '../incidents/leak-reports.ts';
import { Noted, standing } from '../findings/reported-findings.ts';
import { Survey } from './unregistered-secrets.ts';
import { tracked, type About } from '../findings/finding-lifecycle.ts';
import { TestAlert, testObservations } from './test-alert.ts';
import { TrailWatch } from './trail-health.ts';
import type { Instant } from '../basics/time.ts';
import { kept, keptApart } from '../basics/record.ts';

/** The id under which facts about an installation itself travel. */
export const INSTALLATION_RECORD_ID = 'installation';

/**
 * An admin credential that was out, by the name of its secret. What was made until `since` is in question.
 */
export const LeakedAdmin = kept({ name: z.string(), provider: z.string(), since: z.number() });
export type LeakedAdmin = z.infer<typeof LeakedAdmin>;

/** An admin credential that is out and that only a person can replace; never its value. */
export const ExposedAdmin = kept({
  /** The name of its secret. */
  name: z.string(),
  provider: z.string(),
  fingerprint: z.string(),
  source: z.string(),
  reportedAt: z.number(),
  exposedAt: z.number().optional(),
  /** When its secret was first seen without it. */
  replacedAt: z.number().optional(),
});
export type ExposedAdmin = z.infer<typeof ExposedAdmin>;

/** What is known of an installation as a whole, and belongs to no token. */
const InstallationRecordMembers = kept({
  noted: z.array(Noted).readonly(),
  findings: z.array(Finding).readonly(),
  outbox: z.array(Fact).readonly(),
  /** Leaks that machines reported of late, so that a flood is known for one. */
  leaks: z.array(Reported).readonly().optional(),
  /** Admin credentials that were out: every token that they could make is replaced. */
  leakedAdmins: z.array(LeakedAdmin).readonly().optional(),
  /** Admin credentials that are out, until their issuers refuse them. */
  exposedAdmins: z.array(ExposedAdmin).readonly().optional(),
  /** What the last pass of discovery found in the account. */
  survey: Survey.optional(),
  /** Whether the trail still shows what happens; absent where none is watched. */
  trail: TrailWatch.optional(),
  /** The canary that was sent last. */
  canary: CanaryWatch.optional(),
  /** The test of alerts that a person asked for last. */
  testAlert: TestAlert.optional(),
  /** Who read tokens in a way that is not usual lately, over all tokens. */
  oddReaders: z.array(OddCaller).readonly().optional(),
  /** Who was denied at tokens lately, over all tokens. */
  deniedCallers: z.array(OddCaller).readonly().optional(),
});
export const InstallationRecord = keptApart(InstallationRecordMembers, {
  lists: { findings: Finding, noted: Noted, outbox: Fact },
});
export type InstallationRecord = z.infer<typeof InstallationRecord>;

export const NEW_INSTALLATION_RECORD: InstallationRecord = { noted: [], findings: [], outbox: [] };

/** Whom facts about an installation are about. */
export function aboutInstallationRecord(installation: string): About {
  return {
    id: INSTALLATION_RECORD_ID,
    name: `Keyturn ${installation}`,
    provider: 'keyturn',
    owner: 'operators',
    environment: installation,
  };
}

/** The record with its findings brought up to date; what is over is forgotten. */
export function assessedInstallationRecord(
  installationRecord: InstallationRecord,
  installation: string,
  now: Instant,
): InstallationRecord {
  const noted = standing(installationRecord, now);
  const seen = [...noted, ...testObservations(installationRecord, now)];
  return { ...tracked(installationRecord, aboutInstallationRecord(installation), seen, now), noted };
}
