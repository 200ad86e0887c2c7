/** What discovery needs from outside. */
import type { SecretSurvey } from '../../core/inventory/unregistered-secrets.ts';
import type { InstallationRecordPorts } from '../inventory/installation.ts';
import type { LeasePorts } from '../inventory/lease.ts';

/** The inventory, a lease, and the list of all secrets. */
export type DiscoverPorts = InstallationRecordPorts & LeasePorts & { readonly survey: SecretSurvey };
