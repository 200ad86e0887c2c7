import * as z from 'zod';
import { Secret } from '../core/basics/secret.ts';

/** A credential of an account in a grant. Not trimmed: a password may end in anything. */
export const GrantValue = z
  .string()
  .min(1)
  .transform((text) => new Secret(text));

const Formerly = z.object({ formerly: z.array(z.unknown()) }).catch({ formerly: [] });

/** What stands in a field of a grant and of its former accounts, whatever else is wrong with it. */
export function valuesIn(grant: unknown, field: string): readonly Secret[] {
  const holder = z.object({ [field]: GrantValue });
  return [grant, ...Formerly.parse(grant).formerly].flatMap(
    (one) => holder.safeParse(one).data?.[field] ?? [],
  );
}
