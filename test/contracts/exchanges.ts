import { appendFileSync } from 'node:fs';

/** A request of a provider and the answer of its issuer, as text. */
export interface Exchange {
  readonly provider: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
  readonly resHeaders: Readonly<Record<string, string>>;
  readonly resBody: string;
}

type Fetch = (request: Request) => Promise<Response>;

/** Notes every exchange with an issuer. */
export function noting(provider: string, fetch: Fetch, noted: Exchange[]): Fetch {
  return async (request) => {
    const body = await request.clone().text();
    const response = await fetch(request);
    noted.push({
      provider,
      method: request.method,
      url: request.url,
      headers: typeOf(request.headers),
      body,
      status: response.status,
      resHeaders: typeOf(response.headers),
      resBody: await response.clone().text(),
    });
    return response;
  };
}

function typeOf(headers: Headers): Record<string, string> {
  const type = headers.get('content-type');
  return type === null ? {} : { 'content-type': type };
}

/** Another text of the same shape: each letter and digit becomes another one of its kind. */
export function sameShape(text: string): string {
  return text.replace(/[A-Za-z0-9]/g, (sign, index: number) => shifted(sign, index));
}

const KINDS = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789'];

function shifted(sign: string, index: number): string {
  const kind = KINDS.find((one) => one.includes(sign)) ?? sign;
  // Hexadecimal digits stay hexadecimal, and no sign stays what it was.
  const signs = 'abcdef'.includes(sign) ? 'abcdef' : kind;
  return signs[(signs.indexOf(sign) + 1 + (index % (signs.length - 1))) % signs.length] ?? sign;
}

/** Exchanges as lines of JSON, with other texts of the same shape in place of the credentials. */
export function linesOf(exchanges: readonly Exchange[], credentials: readonly string[]): string {
  const forms = [inJson, encodeURIComponent, (text: string) => text];
  const hidden = (text: string): string =>
    [...new Set(credentials)]
      .filter((one) => one !== '')
      .reduce(
        (all, one) => forms.reduce((rest, form) => rest.replaceAll(form(one), form(sameShape(one))), all),
        text,
      );
  return exchanges
    .map(({ url, body, resBody, ...rest }) => ({
      ...rest,
      url: hidden(url),
      body: hidden(body),
      resBody: hidden(resBody),
    }))
    .map((one) => `${JSON.stringify(one)}\n`)
    .join('');
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Appends to the file that `EXCHANGES` names; without one nothing is written. */
export function append(exchanges: readonly Exchange[], credentials: readonly string[]): void {
  const file = process.env['EXCHANGES'];
  if (file !== undefined) appendFileSync(file, linesOf(exchanges, credentials));
}
