import type { ProviderDescriptor } from '../../functions/core/issuer/provider-descriptor.ts';
import { formatDuration } from '../../functions/core/basics/time.ts';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { adminPrefixOf } from '../../functions/core/basics/names.ts';
import { code, sentence, table } from './markdown.ts';

export const LOST: Record<ProviderDescriptor['lostMint'], string> = {
  'by-marker': 'by the name Keyturn gave it',
  'by-exclusive-principal': 'the account belongs to this token alone',
  'chosen-value': 'Keyturn chose the value and stored it first',
};

const SHAPES: Record<ProviderDescriptor['shape'], string> = {
  mint: 'many active at once',
  slots: 'a fixed few active at once',
};

/** The issuers by name, each with the vendor's page. */
export function issuersList(): string {
  const names = DESCRIPTORS.map(({ title, docs }) => `- [${title}](${docs})`);
  return ['**Issuers**, and [what each allows](docs/issuers.md):', '', ...names].join('\n');
}

export function providersTable(): string {
  const titles = [
    'Issuer',
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
      `[${one.id}](issuers/${one.id}.md)`,
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

export function expiryOf({ expiry }: ProviderDescriptor): string {
  if (!expiry.settable) return 'none';
  const most = expiry.maxDays === undefined ? '' : `, at most ${expiry.maxDays} days`;
  return `set by Keyturn, to the ${expiry.step}${most}`;
}

/** For each provider: the name of its admin secret, and the page that says what has to be in it. */
export function adminSecrets(): string {
  return table(
    ['Issuer', 'Admin secret', 'What its credential has to be'],
    DESCRIPTORS.map(({ id, admin }) => [
      `[${id}](issuers/${id}.md)`,
      code(adminPrefixOf(id)),
      sentence(admin.leastRights),
    ]),
  );
}
