import type { ProviderDescriptor } from '../../functions/core/issuer/provider-descriptor.ts';
import type { Settings } from './settings.ts';

/** What one issuer is asked to bear. */
export interface Bearing {
  readonly maxConcurrentRotations: number;
  readonly maxConcurrency: number;
  readonly inspectionsPerMinute: number;
}

/** An inspection is a list and a probe, and takes two seconds at most where the issuer is well. */
const INSPECTIONS_A_MINUTE = 30;
/** A rotation asks its issuer for a new credential and a probe, and waits the rest of the time. */
const ROTATIONS_FOR_A_COMMAND = 5;

/** What the settings say of an issuer, else what follows from its descriptor. */
export function bearingOf(settings: Settings, descriptor: ProviderDescriptor): Bearing {
  const stated = settings.issuers[descriptor.id];
  const maxConcurrency = stated?.maxConcurrency ?? descriptor.concurrency;
  return {
    maxConcurrency,
    maxConcurrentRotations: stated?.maxConcurrentRotations ?? maxConcurrency * ROTATIONS_FOR_A_COMMAND,
    inspectionsPerMinute: maxConcurrency * INSPECTIONS_A_MINUTE,
  };
}
