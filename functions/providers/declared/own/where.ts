// Which answers a form means: pointers and the literals that stand there.
import type { Where } from './notation.ts';
import { placeholderOf, type Fillings } from './placeholders.ts';
import { valueAt } from './pointers.ts';

type Entries = readonly (readonly [pointer: string, wanted: Where[string]])[];

/** The fields of the account that such a form names, and its literals. */
export function partsOf(where: Where): { readonly literals: Entries; readonly ofAccount: Entries } {
  const entries = Object.entries(where);
  return {
    literals: entries.filter(([, wanted]) => !isOfAccount(wanted)),
    ofAccount: entries.filter(([, wanted]) => isOfAccount(wanted)),
  };
}

function isOfAccount(wanted: Where[string]): boolean {
  return typeof wanted === 'string' && placeholderOf(wanted) !== undefined;
}

/** Whether an answer holds all of it, word for word. */
export function fits(body: unknown, where: Where, fillings: Fillings): boolean {
  return Object.entries(where).every(([pointer, wanted]) => isAt(body, [pointer, wanted], fillings));
}

/**
 * Whether an answer is of the same form, and of another account: every literal is there, and something else
 * where the account should be.
 */
export function isOfAnother(body: unknown, where: Where, fillings: Fillings): boolean {
  const { literals, ofAccount } = partsOf(where);
  return (
    ofAccount.length > 0 &&
    literals.every((one) => isAt(body, one, fillings)) &&
    ofAccount.every(([pointer]) => isName(valueAt(body, pointer))) &&
    !ofAccount.every((one) => isAt(body, one, fillings))
  );
}

function isAt(body: unknown, [pointer, wanted]: Entries[number], fillings: Fillings): boolean {
  const found = valueAt(body, pointer);
  const name = typeof wanted === 'string' ? placeholderOf(wanted) : undefined;
  if (name === undefined) return found === wanted;
  // An issuer may write the number of an account as a text.
  return isName(found) && String(found) === String(fillings[name]);
}

function isName(found: unknown): found is string | number {
  return (typeof found === 'string' && found !== '') || typeof found === 'number';
}
