import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { adminPrefixOf } from '../../functions/core/basics/names.ts';
import { FOUND, expiryText, lastUseText, slotsText } from '../cli/issuers/fact-words.ts';
import { sentence } from '../cli/output/sentence.ts';
import { code, table } from './markdown.ts';

/** The issuers by name, each with the vendor's page. */
export function issuersList(): string {
  const names = DESCRIPTORS.map(({ title, docs }) => `- [${title}](${docs})`);
  return ['**Issuers**, and [what each allows](docs/issuers.md):', '', ...names].join('\n');
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
      one.lastUsedEvery === undefined
        ? 'none: the grace period alone, or declared consumers'
        : lastUseText(one),
      expiryText(one),
      code(one.valueField),
    ]),
  );
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
