/** Where the runbook and its sections are read. */

/** The runbook that Keyturn comes with, relative to the root of its repository. */
export const RUNBOOK_PAGE = 'docs/runbook.md';

/** Where the runbook is read: in the page that the settings name, else in the one that Keyturn came with. */
export function runbookPage(page: string | undefined): string {
  return page?.replace(/#.*$/, '') ?? RUNBOOK_PAGE;
}

/** Where a section of it is read. */
export function runbookAt(section: `runbook-${string}`, page: string | undefined): string {
  return `${runbookPage(page)}#${section}`;
}
