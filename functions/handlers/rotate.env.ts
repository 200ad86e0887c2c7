import * as z from 'zod';
import { CommonEnv } from './common.env.ts';

/** Environment of `rotate-<provider>`; `act-<provider>` runs from the same bundle and needs the same. */
export const RotateEnv = CommonEnv.extend({
  KEYTURN_PROVIDER: z.string().min(1),
  /** Names of the admin secrets this provider may read: this one, and any below it (`<prefix>/…`). */
  ADMIN_PREFIX: z.string().min(1),
  HMAC_KEY_ID: z.string().min(1),
  /** The queue of `act-<provider>`, which `rotate-<provider>` alone sends to: it asks for the death of what a new admin credential made on trial. */
  ACT_QUEUE: z.url(),
  /** Hosts the provider may talk to, separated by commas; empty means the hosts its admin secrets name. */
  ALLOWED_HOSTS: z.string(),
});
