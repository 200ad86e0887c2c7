import type * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import type { Entry } from './calls.ts';

/**
 * Which credential a value is: the answer to the check names its id; the list tells by what it shows of each,
 * or by the value itself; or nothing tells.
 */
export type Identify<P> =
  | {
      readonly by: 'answer';
      readonly id: z.ZodType<string>;
      /**
       * The answer about a live value of another account, where that is told apart: it is none of this one.
       */
      readonly another?: (place: P) => z.ZodType;
    }
  | {
      readonly by: 'list';
      readonly match: (value: Secret, listed: readonly Entry[]) => Entry | undefined;
    }
  /** The list shows values. `isOf`: it shows in `mask` what only they make, such as public keys. */
  | { readonly by: 'value'; readonly isOf?: (value: Secret, entry: Entry) => boolean }
  | {
      readonly by: 'nothing';
      readonly another?: (place: P) => z.ZodType;
      /** The status of that answer, where it is no success. */
      readonly anotherAt?: number;
      /**
       * The answer to a value that is refused for a reason that may be another than its end: whose it is, is
       * not told either.
       */
      readonly refused?: { readonly status: number; readonly body: z.ZodType };
    };
