import * as z from 'zod';
import type { Verdict } from '../../verdicts.ts';
import type { VerdictForm } from './call-form.ts';
import type { Fillings } from './placeholders.ts';
import { fits, isOfAnother } from './where.ts';

interface Answers {
  readonly active: readonly VerdictForm[];
  readonly inactive: readonly VerdictForm[];
}

/**
 * The verdicts of a form. An answer about a live value of another account is unknown: that account may end it
 * at any time.
 */
export function verdictsOf({ active, inactive }: Answers, fillings: Fillings): readonly Verdict[] {
  return [
    ...active.map(({ status, where, source }): Verdict => ({
      outcome: 'active',
      status,
      body: holding((body) => fits(body, where, fillings)).transform(() => ({})),
      source,
    })),
    ...active.map(({ status, where, source }): Verdict => ({
      outcome: 'unknown',
      status,
      body: holding((body) => isOfAnother(body, where, fillings)).transform(
        () => 'The issuer takes this value for one of another account than the grant names.',
      ),
      source,
    })),
    ...inactive.map(({ status, where, source }): Verdict => ({
      outcome: 'inactive',
      status,
      body: holding((body) => fits(body, where, fillings)),
      source,
    })),
  ];
}

/** The answer about a live value of another account. */
export function anotherIn({ active }: Answers, fillings: Fillings): z.ZodType {
  return holding((body) => active.some(({ where }) => isOfAnother(body, where, fillings)));
}

function holding(isSo: (body: unknown) => boolean) {
  return z.unknown().refine(isSo);
}
