import type { Baselines } from './baselines.ts';
import type { CredentialIndex } from './credential-index.ts';
import type { HealthWatchers } from './health-watchers.ts';
import type { History } from './history.ts';
import type { InstallationRecords } from './installation-record.ts';
import type { Leases } from './leases.ts';
import type { Passes } from './passes.ts';
import type { PermitRecords } from './permit-records.ts';
import type { TokenRecords } from './token-records.ts';
import type { UpstreamReports } from './upstream-reports.ts';

/** The inventory of tokens, all of its parts. Every read is strongly consistent unless it says otherwise. */
export type Inventory = TokenRecords &
  InstallationRecords &
  PermitRecords &
  Baselines &
  CredentialIndex &
  Passes &
  HealthWatchers &
  UpstreamReports &
  History &
  Leases;
