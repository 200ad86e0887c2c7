import type { ProviderDescriptor } from '../functions/core/issuer/provider-descriptor.ts';
import { DESCRIPTORS } from '../functions/providers/descriptors.ts';

const IDS = ['gitlab', 'npm-registry', 'okta'];

/** Whether an issuer is one that is deployed, and lives whole lives, in tests that take long for each. */
export function isUsual(id: string): boolean {
  return IDS.includes(id);
}

/** One issuer of each way in which a lost creation is found. */
export const USUAL: readonly ProviderDescriptor[] = DESCRIPTORS.filter(({ id }) => isUsual(id));
