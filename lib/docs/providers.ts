import { creationEnds } from '../../functions/core/issuer/issuer-facts.ts';
import type { ProviderDescriptor } from '../../functions/core/issuer/provider-descriptor.ts';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { adminPrefixOf } from '../../functions/core/basics/names.ts';
import { FOUND, expiryText, lastUseText, slotsText } from '../cli/issuers/fact-words.ts';
import { sentence } from '../cli/output/sentence.ts';
import { byArea } from './issuer-areas.ts';
import { code, table } from './markdown.ts';

/** The issuers by name, grouped by what they are for, each with its page. */
export function issuersList(): string {
  const rows = byArea(DESCRIPTORS).map(([area, issuers]) => [
    area,
    issuers.map(({ id, title }) => `[${title}](docs/issuers/${id}.md)`).join(' · '),
  ]);
  const head = `**${DESCRIPTORS.length} issuers**, and [what each allows](docs/issuers.md):`;
  return [head, '', table(['For', 'Issuers'], rows)].join('\n');
}

export function providersTable(): string {
  const titles = [
    'Issuer',
    'Rotates',
    'Active at once',
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
      slotsText(one.slots),
      FOUND[one.found],
      evidenceText(one),
      expiryText(one),
      code(one.valueField),
    ]),
  );
}

function evidenceText(one: ProviderDescriptor): string {
  if (creationEnds(one)) return 'none: the old one ends with the creation of the new one';
  return one.lastUsedEvery === undefined
    ? 'none: the grace period alone, or declared consumers'
    : lastUseText(one);
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
