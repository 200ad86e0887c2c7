import type { ProviderDescriptor } from '../../functions/core/issuer/provider-descriptor.ts';
import { adminPrefixOf } from '../../functions/core/basics/names.ts';
import { formatDuration } from '../../functions/core/basics/time.ts';
import { code, sentence, table } from './markdown.ts';
import { LOST, expiryOf } from './providers.ts';

/** The page of one issuer, relative to the root of the repository. */
export function pathOfIssuer(id: string): string {
  return `docs/issuers/${id}.md`;
}

/**
 * The whole page: what is rotated, what the issuer allows, its admin credential, and where all that is from.
 */
export function issuerPage(issuer: ProviderDescriptor): string {
  const parts = [
    `# ${issuer.title}`,
    `What does Keyturn rotate at ${code(issuer.id)}, and what does it need there? ` +
      `[Issuers](../issuers.md) · [Reference](../reference.md#admin-secrets) · [the vendor's ` +
      `page](${issuer.docs})`,
    sentence(issuer.rotates),
    '## What it allows',
    table(['Fact', 'At this issuer'], factsOf(issuer)),
    '## Admin secret',
    `Store it as ${code(adminPrefixOf(issuer.id))}. ${sentence(issuer.admin.leastRights)}`,
    ['```json', JSON.stringify(issuer.admin.example, undefined, 2), '```'].join('\n'),
    numbered(issuer.manualSteps),
    '## Where this is from',
    evidenceOf(issuer),
  ];
  return `${parts.join('\n\n')}\n`;
}

function factsOf(issuer: ProviderDescriptor): string[][] {
  const { slots, shape, fillsSlot, companions = [], hosts = [], admin } = issuer;
  const full = fillsSlot === 'expired' ? ', and expired ones count' : '';
  return [
    ['Active credentials of one token', shape === 'mint' ? 'many' : `${slots}${full}`],
    ['A lost creation is found', LOST[issuer.lostMint]],
    ['Expiry', expiryOf(issuer)],
    ['Last use is told', lastUseOf(issuer)],
    ['A new credential is accepted', within(issuer.propagation)],
    ['A revoked credential is refused', within(issuer.revokeLag)],
    ['A value tells which credential it is', issuer.identifies ? 'yes' : 'no'],
    ['Field of the value', code(issuer.valueField)],
    ['Fields beside it', companions.length === 0 ? 'none' : companions.map(code).join(', ')],
    ["The vendor's own hosts", hosts.length === 0 ? 'none: confirm yours' : hosts.map(code).join(', ')],
    [
      'Keyturn replaces the admin credential',
      admin.successor === 'minted' ? 'yes, where it is a token of its own' : 'no: a person does',
    ],
  ];
}

function lastUseOf({ lastUsedEvery }: ProviderDescriptor): string {
  if (lastUsedEvery === undefined) return 'no';
  return lastUsedEvery === 0 ? 'at once' : `to ${formatDuration(lastUsedEvery)}`;
}

function within(length: number): string {
  return length === 0 ? 'at once' : `within ${formatDuration(length)}`;
}

function evidenceOf({ evidence: { verified, sources, unconfirmed } }: ProviderDescriptor): string {
  const how =
    verified === undefined
      ? 'Documentation only: no request of Keyturn was held against a real answer.'
      : `Verified against ${verified}.`;
  const open = unconfirmed.length === 0 ? [] : ['Not confirmed:', listed(unconfirmed)];
  return [how, 'Sources:', listed(sources), ...open].join('\n\n');
}

function listed(lines: readonly string[]): string {
  return lines.map((line) => `- ${/[.!?]$/.test(line) ? line : `${line}.`}`).join('\n');
}

function numbered(lines: readonly string[]): string {
  return lines.map((line, index) => `${index + 1}. ${line}`).join('\n');
}
