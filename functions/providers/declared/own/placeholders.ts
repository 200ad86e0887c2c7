import * as z from 'zod';

/** What a placeholder stands for: a text, a number, or the names in a field of a grant. */
export type Filling = string | number | readonly string[];
export type Fillings = Readonly<Record<string, Filling>>;

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** The names of the placeholders in a text, in their order. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
}

/** The placeholder that a text consists of; undefined for any other text. */
export function placeholderOf(text: string): string | undefined {
  return /^\{([^{}]*)\}$/.exec(text)?.[1];
}

/** Whether braces stand in a text that are no placeholder's. */
export function hasOtherBraces(text: string): boolean {
  return /[{}]/.test(text.replaceAll(PLACEHOLDER, ''));
}

/** Every text in a body. */
export function textsIn(body: unknown): string[] {
  if (typeof body === 'string') return [body];
  return typeof body === 'object' && body !== null ? Object.values(body).flatMap(textsIn) : [];
}

/**
 * A text with its placeholders filled. Error: a TypeError for one that nothing stands for, which the rules of
 * the form exclude.
 */
export function filled(
  text: string,
  fillings: Fillings,
  write: (part: string) => string = (part) => part,
): string {
  return text.replaceAll(PLACEHOLDER, (_whole, name: string) => write(String(fillingOf(name, fillings))));
}

/** A path: what is inserted is encoded. */
export function filledPath(path: string, fillings: Fillings): string {
  return filled(path, fillings, encodeURIComponent);
}

/** Texts by their names, such as a query. */
export function filledTexts(
  texts: Readonly<Record<string, string>>,
  fillings: Fillings,
): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, filled(text, fillings)]));
}

/** A body of JSON: a text that is one placeholder takes what it stands for, number and list included. */
export function filledJson(body: z.core.util.JSONType, fillings: Fillings): unknown {
  if (typeof body === 'string') {
    const name = placeholderOf(body);
    return name === undefined ? filled(body, fillings) : fillingOf(name, fillings);
  }
  if (Array.isArray(body)) return body.map((item) => filledJson(item, fillings));
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([name, part]) => [name, filledJson(part, fillings)]));
}

function fillingOf(name: string, fillings: Fillings): Filling {
  const filling = Object.hasOwn(fillings, name) ? fillings[name] : undefined;
  if (filling !== undefined) return filling;
  throw new TypeError(`nothing stands for the placeholder ${name}`);
}
