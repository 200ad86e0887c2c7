import { faultText } from './report.ts';
import { printable } from '../output/screen.ts';
import type { ManifestJson, PlanJson } from '../json/manifest.ts';

/** A report for a comment on a change: GitHub Flavored Markdown, with tables. */
export function markdownOf({ faults, plan }: ManifestJson, path: string): string[] {
  if (faults.length > 0)
    return [
      `**${escaped(path)} is invalid.**`,
      '',
      '| Line | What is wrong |',
      '| --- | --- |',
      ...faults.map((one) => `| ${one.line}:${one.column} | ${escaped(faultText(one))} |`),
    ];
  if (plan.length === 0) return [`**${escaped(path)} is valid.**`];
  const changed = plan.filter(({ action }) => action !== 'none');
  const head = [`**${plan.length} in ${escaped(path)}, ${changed.length} to change.**`];
  if (changed.length === 0) return head;
  return [...head, '', '| Secret | Action | Changes |', '| --- | --- | --- |', ...changed.map(rowOf)];
}

function rowOf({ secret, action, changes, reason, warnings }: PlanJson): string {
  const lines = [
    ...(reason === null ? [] : [reason]),
    ...changes.map(({ what, from, to }) => `${what}: ${from ?? '(none)'} → ${to ?? '(none)'}`),
    ...warnings,
  ];
  return `| ${escaped(secret)} | ${action} | ${lines.map(escaped).join('<br>')} |`;
}

/** Text of a file or a tag must not become markup. */
function escaped(text: string): string {
  return printable(text).replaceAll(/[\\`*_[\]<>|&~]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
