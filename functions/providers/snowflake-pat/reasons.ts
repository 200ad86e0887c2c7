import type { SafeReason } from '../safe-reasons.ts';
import { REASONS } from '../snowflake-api.ts';

/** What Snowflake says to the admin, in words that help. */
export const SAFE: readonly SafeReason[] = [
  ...REASONS,
  {
    status: 422,
    pattern: /Exceeded maximum of 15 programmatic access tokens/,
    source: 'lightdash/lightdash, issue 23924',
  },
];
