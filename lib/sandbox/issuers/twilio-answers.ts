import { twilioError } from './twilio.ts';
import type { TwilioAccount } from './twilio-accounts.ts';

/** An account as it shows itself to whoever may see it. */
export function shown({ sid, primary }: TwilioAccount): object {
  return { sid, owner_account_sid: sid, status: 'active', type: 'Full', auth_token: primary.value };
}

/** What each answer about its auth tokens has. */
export function dates({ sid, primary }: TwilioAccount): object {
  const at = new Date(primary.createdAt).toISOString();
  return { account_sid: sid, date_created: at, date_updated: at };
}

export const UNAUTHENTICATED = (): Response => twilioError(401, 20_003, 'Authenticate');
export const UNKNOWN_USER = (): Response =>
  twilioError(401, 20_003, 'Authentication Error - invalid username');

export function notFound(path: string): Response {
  return twilioError(404, 20_404, `The requested resource ${path.replace(/^\/v1/, '')} was not found`);
}
