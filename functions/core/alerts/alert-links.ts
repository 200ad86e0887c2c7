import type { InstallationScope } from '../basics/names.ts';
import type { FindingFact } from '../findings/events.ts';
import { INSTALLATION_RECORD_ID } from '../inventory/installation.ts';
import { adminSecret } from './alert-commands.ts';
import { secretLink } from './console-link.ts';

/**
 * The page of the secret that a finding is about, in the console; undefined for one that is about no single
 * secret.
 */
export function secretOf(fact: FindingFact, { region }: InstallationScope): string | undefined {
  const name = fact.tokenId === INSTALLATION_RECORD_ID ? adminSecret(fact) : fact.name;
  return name === undefined ? undefined : secretLink(name, region);
}
