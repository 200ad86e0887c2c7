import type { ProviderDescriptor } from '../../functions/core/issuer/provider-descriptor.ts';
import { adminPrefixOf } from '../../functions/core/basics/names.ts';
import { code, sentence, table } from './markdown.ts';
import {
  CHECKS,
  FOUND,
  VALUE_MAKERS,
  expiryText,
  fillersText,
  lagText,
  lastUseText,
  meaningOf,
  proofRows,
  slotsText,
} from '../cli/issuers/fact-words.ts';

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
    meaningOf(issuer.slots),
    '## What Keyturn calls tested, active and revoked',
    table(['State', 'What counts'], proofRows(issuer)),
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
  const { slots, lags, companions = [], hosts = [], admin } = issuer;
  const allowed = 'allowed' in lags ? lags.allowed : undefined;
  return [
    ['Active at once', slotsText(slots)],
    ['What else takes a slot', fillersText(slots)],
    ['The value is made by', VALUE_MAKERS[issuer.value]],
    ['A lost creation is found', FOUND[issuer.found]],
    ['Expiry', expiryText(issuer)],
    ['Last use is told', lastUseText(issuer)],
    ['A check of a value', CHECKS[issuer.check]],
    ['A new credential is accepted', lagText(lags.accepted, allowed)],
    ['A new credential is listed', lagText(lags.listed, undefined)],
    ['A revoked credential is refused', lagText(lags.refused, allowed)],
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
