import { linkHeader, type Paging } from '../declared/paging.ts';

/** New tokens then come last, so that one made meanwhile moves nothing to a page that was read already. */
const OLDEST_FIRST = { sort: 'created_asc', per_page: '100' };

const byLink = linkHeader();

/** Source: docs.gitlab.com, "REST API", "Pagination": a number, or, with keyset pages, a link alone. */
export const PAGES: Paging = {
  first: { ...OLDEST_FIRST, page: '1' },
  next(page) {
    const number = page.answer.headers.get('x-next-page');
    return number ? { ...OLDEST_FIRST, page: number } : byLink.next(page);
  },
};
