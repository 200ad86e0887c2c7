import * as z from 'zod';
import type { EnvironmentOf } from '../../lib/infra/constructs/keyturn-function.ts';

/** Holds when it compiles: nothing here runs. */
const Env = z.object({ AWS_REGION: z.string(), TABLE_NAME: z.string(), MAX: z.coerce.number() });

export const complete: EnvironmentOf<typeof Env> = { TABLE_NAME: 'table', MAX: '5' };

// @ts-expect-error a variable is missing
export const missing: EnvironmentOf<typeof Env> = { TABLE_NAME: 'table' };

// @ts-expect-error a variable is misspelt
export const misspelt: EnvironmentOf<typeof Env> = { TABLE_NAME: 'table', MAXIMUM: '5' };

export const reserved: EnvironmentOf<typeof Env> = {
  TABLE_NAME: 'table',
  MAX: '5',
  // @ts-expect-error Lambda sets its Region itself, and refuses a function that does
  AWS_REGION: 'eu-central-1',
};

// @ts-expect-error variables are text
export const number: EnvironmentOf<typeof Env> = { TABLE_NAME: 'table', MAX: 5 };
