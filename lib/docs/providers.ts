import { creationEnds } from '../../functions/core/issuer/issuer-facts.ts';
import type { ProviderDescriptor } from '../../functions/core/issuer/provider-descriptor.ts';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { adminPrefixOf } from '../../functions/core/basics/names.ts';
import { FOUND, expiryText, lastUseText, slotsText } from '../cli/issuers/fact-words.ts';
import { sentence } from '../cli/output/sentence.ts';
import { code, table } from './markdown.ts';

/** So many stand on one line of the list: about twenty words. */
const ON_A_LINE = 5;

/** The issuers by name in the order of the alphabet, each with its page. */
export function issuersList(): string {
  const names = DESCRIPTORS.map(({ id, title }) => ({ id, title }))
    .toSorted((one, other) => one.title.localeCompare(other.title, 'en'))
    .map(({ id, title }) => `[${title}](docs/issuers/${id}.md)`);
  const lines = names.flatMap((_name, at) =>
    at % ON_A_LINE === 0 ? [`- ${names.slice(at, at + ON_A_LINE).join(' · ')}`] : [],
  );
  return [`**${names.length} issuers**, and [what each allows](docs/issuers.md):`, '', ...lines].join('\n');
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
