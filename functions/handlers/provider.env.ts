import * as z from 'zod';
import { CommonEnv } from './common.env.ts';

/** What `rotate-<provider>` and `worker-<provider>` are both told. */
export const ProviderEnv = CommonEnv.extend({
  KEYTURN_PROVIDER: z.string().min(1),
  /** Names of the admin secrets this provider may read: this one, and any below it (`<prefix>/…`). */
  ADMIN_PREFIX: z.string().min(1),
  HMAC_KEY_ID: z.string().min(1),
  /**
   * Hosts the provider may talk to, separated by commas; empty means the vendor's own. What operators
   * confirmed comes on top.
   */
  ALLOWED_HOSTS: z.string(),
});
