import type { ProviderDescriptor } from '../../functions/core/issuer/provider-descriptor.ts';
import { sectionsOf, type Part } from '../cli/issuers/page.ts';
import { sentence } from '../cli/output/sentence.ts';
import { code, table } from './markdown.ts';

/** The page of one issuer, relative to the root of the repository. */
export function pathOfIssuer(id: string): string {
  return `docs/issuers/${id}.md`;
}

/** The whole page: what `keyturn issuer show` prints, as Markdown. */
export function issuerPage(issuer: ProviderDescriptor): string {
  const parts = [
    `# ${issuer.title}`,
    `What does Keyturn rotate at ${code(issuer.id)}, and what does it need there? ` +
      `[Issuers](../issuers.md) · [Reference](../reference.md#admin-secrets) · [the vendor's ` +
      `page](${issuer.docs})`,
    sentence(issuer.rotates),
    ...sectionsOf(issuer).flatMap((section) => [`## ${section.title}`, ...section.parts.map(markdownOf)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function markdownOf(part: Part): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'table':
      return table(part.titles, part.rows);
    case 'json':
      return ['```json', JSON.stringify(part.value, undefined, 2), '```'].join('\n');
    case 'steps':
      return part.lines.map((line, index) => `${index + 1}. ${line}`).join('\n');
    case 'items':
      return part.lines.map((line) => `- ${/[.!?]$/.test(line) ? line : `${line}.`}`).join('\n');
  }
}
