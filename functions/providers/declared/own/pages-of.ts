import { cursor, linkHeader, nextAddress, offset, onePage, pageNumber, type Paging } from '../paging.ts';
import type { PagesForm } from './call-form.ts';
import { countReader, textReader } from './read-answers.ts';

/** How a list of a form goes on. */
export function pagesOf(pages: PagesForm): Paging {
  switch (pages.is) {
    case 'whole':
      return onePage;
    case 'link-header':
      return linkHeader();
    case 'next-address':
      return nextAddress(textReader(pages.at));
    case 'cursor':
      return cursor(pages.parameter, textReader(pages.at));
    case 'page':
      return pageNumber(countedBy(pages));
    case 'offset':
      return offset(countedBy(pages));
  }
}

function countedBy({ parameter, sizeParameter, size, total }: Extract<PagesForm, { is: 'page' | 'offset' }>) {
  return {
    parameter,
    size: [sizeParameter, size] as const,
    ...(total !== undefined && { total: countReader(total) }),
  };
}
