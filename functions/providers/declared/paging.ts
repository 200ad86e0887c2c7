import * as z from 'zod';
import { KeyturnError } from '../../core/basics/errors.ts';
import type { HttpAnswer } from '../http-answer.ts';

type Query = Readonly<Record<string, string>>;

/** A page that was read. */
export interface Page {
  readonly answer: HttpAnswer;
  /** From 1. */
  readonly number: number;
  /** How many entries it held. */
  readonly held: number;
  /** How many entries all pages so far held. */
  readonly found: number;
}

/**
 * How a list goes on. An end is proven by the issuer's own word or by a page without entries: a short page
 * may be a limit of the issuer.
 */
export interface Paging {
  readonly first: Query;
  /** Pages are asked for by headers, not by parameters of the query. */
  readonly by?: 'headers';
  /**
   * The query or the headers of the next page; undefined at the end. Error: `issuer-response-invalid` when
   * the answer says neither.
   */
  next(page: Page): Query | undefined;
}

function invalid({ about }: HttpAnswer, what: string): KeyturnError {
  return new KeyturnError('issuer-response-invalid', `${about} ${what}`);
}

/** The issuer documents that its list is whole. */
export const onePage: Paging = { first: {}, next: () => undefined };

/**
 * The issuer documents no pages, and its list states how many there are. Error: `issuer-response-invalid`
 * where it holds fewer.
 */
export function wholeBy(total: z.ZodType<number>): Paging {
  return {
    first: {},
    next({ answer, found }) {
      const all = answer.json(total);
      if (found >= all) return undefined;
      throw invalid(answer, `with ${found} of ${all} entries, and without a next page.`);
    },
  };
}

/**
 * A `Link` header with `rel="next"` (RFC 8288). Only the query of the address is taken: the rest is where we
 * are already.
 */
export function linkHeader(first: Query = {}): Paging {
  return {
    first,
    next({ answer }) {
      const target = /<([^>]+)>;\s*rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
      return target !== undefined && URL.canParse(target)
        ? Object.fromEntries(new URL(target).searchParams)
        : undefined;
    },
  };
}

/**
 * Each page names a next one in its `Link` header, and whether anything is on it: `results="false"` is the
 * end. Source: docs.sentry.io, "Paginating Results".
 */
export const linkWithResults: Paging = {
  first: {},
  next({ answer }) {
    const link = answer.headers.get('link') ?? '';
    const [, target = '', hasMore] = /<([^>]+)>;\s*rel="next";\s*results="(true|false)"/.exec(link) ?? [];
    if (hasMore === 'false') return undefined;
    if (hasMore === 'true' && URL.canParse(target)) return Object.fromEntries(new URL(target).searchParams);
    throw invalid(answer, 'without the word whether it goes on.');
  },
};

/** The answer names the next page's address, or only its query; an empty text or none is the end. */
export function nextAddress(at: z.ZodType<string | null | undefined>): Paging {
  return {
    first: {},
    next({ answer }) {
      const next = answer.json(at);
      if (!next) return undefined;
      const start = next.indexOf('?');
      if (start === -1) throw invalid(answer, 'with a next page that is none.');
      return Object.fromEntries(new URLSearchParams(next.slice(start)));
    },
  };
}

export interface Counted {
  /** The parameter that names the page or the offset. */
  readonly parameter: string;
  /** The parameter that asks for the size, and the size. */
  readonly size: readonly [string, number];
  /** Where the answer says how many there are in all; left out where it does not. */
  readonly total?: z.ZodType<number>;
}

/**
 * Pages by number; the first is 1 or what `from` says. The end is the total, where there is one, else a page
 * without entries.
 */
export function pageNumber({
  parameter,
  size: [name, size],
  total,
  from = 1,
}: Counted & { readonly from?: 0 | 1 }): Paging {
  const query = (number: number): Query => ({
    [parameter]: String(number - 1 + from),
    [name]: String(size),
  });
  return {
    first: query(1),
    next: (page) => (isEnd(page, total) ? undefined : query(page.number + 1)),
  };
}

/**
 * Pages by the number of entries before them, from 0. The end is as with {@link pageNumber}. `before`: how
 * many that are, where the answer says it, so that a page which begins elsewhere than asked is none.
 */
export function offset({
  parameter,
  size: [name, size],
  total,
  before: told,
}: Counted & { readonly before?: z.ZodType<number> }): Paging {
  const query = (before: number): Query => ({ [parameter]: String(before), [name]: String(size) });
  return {
    first: query(0),
    next(page) {
      const { answer, held, found } = page;
      if (told && answer.json(told) !== found - held)
        throw invalid(answer, 'with a page that begins elsewhere than was asked for.');
      return isEnd(page, total) ? undefined : query(found);
    },
  };
}

function isEnd({ answer, held, found }: Page, total: z.ZodType<number> | undefined): boolean {
  if (total === undefined) return held === 0;
  const all = answer.json(total);
  if (held === 0 && found < all)
    throw invalid(answer, `with a page without entries, after ${found} of ${all}.`);
  return found >= all;
}

/**
 * A text that is sent back for the next page; none is the end. `total`: where the answer says how many there
 * are in all, so that an end before that is none.
 */
export function cursor(
  parameter: string,
  at: z.ZodType<string | null | undefined>,
  first: Query = {},
  total?: z.ZodType<number>,
): Paging {
  return {
    first,
    next({ answer, found }) {
      const next = answer.json(at);
      if (next) return { ...first, [parameter]: next };
      const all = total && answer.json(total);
      if (all === undefined || found >= all) return undefined;
      throw invalid(answer, `without a next page, after ${found} of ${all}.`);
    },
  };
}

/**
 * A `Range` of ids, as `id ..; max=200`: status 206 says that there is more, and `Next-Range` where that
 * begins.
 */
export function rangeHeader(first: string): Paging {
  return {
    first: { range: first },
    by: 'headers',
    next({ answer }) {
      if (answer.status !== 206) return undefined;
      const range = answer.headers.get('next-range');
      if (range) return { range };
      throw invalid(answer, 'without the range of the next page.');
    },
  };
}
