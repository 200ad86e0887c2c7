import type { ProviderDescriptor } from '../../functions/core/issuer/provider.ts';
import { formatDuration } from '../../functions/core/basics/time.ts';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { adminPrefixOf } from '../../functions/core/basics/names.ts';
import { code, sentence, table } from './markdown.ts';

const LOST: Record<ProviderDescriptor['lostMint'], string> = {
  'by-marker': 'by the name Keyturn gave it',
  'by-exclusive-principal': 'the account belongs to this token alone',
  'chosen-value': 'Keyturn chose the value and stored it first',
};

const SHAPES: Record<ProviderDescriptor['shape'], string> = {
  mint: 'many active at once',
  slots: 'a fixed few active at once',
};

/** The issuers by name, in one line. */
export function issuersLine(): string {
  const names = DESCRIPTORS.map(({ title, docs }) => `[${title}](${docs})`);
  return `**Issuers**: ${names.join(', ')}. [What each allows](docs/issuers.md), and how to add one.`;
}

export function providersTable(): string {
  const titles = [
    'Provider',
    'Rotates',
    'Shape',
    'A lost credential is found',
    'Evidence of last use',
    'Expiry',
    'Value in field',
  ];
  return table(
    titles,
    DESCRIPTORS.map((one) => [
      `[${one.id}](${one.docs})`,
      sentence(one.rotates),
      one.shape === 'slots' ? `${SHAPES.slots} (${one.slots})` : SHAPES.mint,
      LOST[one.lostMint],
      one.lastUsedEvery === undefined
        ? 'none: the grace period alone, or declared consumers'
        : `to ${formatDuration(one.lastUsedEvery)}`,
      expiryOf(one),
      code(one.valueField),
    ]),
  );
}

function expiryOf({ expiry }: ProviderDescriptor): string {
  if (!expiry.settable) return 'none';
  const most = expiry.maxDays === undefined ? '' : `, at most ${expiry.maxDays} days`;
  return `set by Keyturn, to the ${expiry.step}${most}`;
}

/** For each provider: what its admin credential has to be, the JSON of its secret, and what a person does once. */
export function adminSecrets(): string {
  return DESCRIPTORS.map(adminSecretOf).join('\n\n');
}

function adminSecretOf({ id, admin, manualSteps }: ProviderDescriptor): string {
  return [
    `### ${id}: ${code(adminPrefixOf(id))}`,
    sentence(admin.leastRights),
    ['```json', JSON.stringify(admin.example, undefined, 2), '```'].join('\n'),
    manualSteps.map((step, index) => `${index + 1}. ${step}`).join('\n'),
  ].join('\n\n');
}
