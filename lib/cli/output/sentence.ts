import { capital } from '../../../functions/core/basics/capital.ts';

/** Text as a sentence of its own: a capital first, a full stop last. */
export function sentence(text: string): string {
  const begun = capital(text.trim());
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
