/** What a simulated npm registry answers, and what a consumer asks it. */
import type { StoredToken, User } from './npm-registry-users.ts';

/** Takes a good token, unlike `/-/whoami`, which answers 200 to everybody. */
export const PROFILE = '/-/npm/v1/user';

/** What a consumer does with its token: here it reads the user's profile. */
export function consumeRequest(host: string, secretText: string, agent: string): Request {
  const stored = secretText.startsWith('{') ? objectOf(JSON.parse(secretText)) : { token: secretText };
  return new Request(`https://${host}${PROFILE}`, {
    headers: { authorization: `Bearer ${String(stored.token)}`, 'user-agent': agent },
  });
}

/** The profile of a user. */
export function profileOf({ name }: User): Record<string, unknown> {
  return {
    tfa: false,
    name,
    email: '',
    email_verified: false,
    created: '',
    updated: '',
    cidr_whitelist: null,
    fullname: '',
  };
}

/** A token as lists show it: with a mask in place of its value. */
export function listed(
  user: User,
  { key, value, cidr, readonly, createdAt }: StoredToken,
): Record<string, unknown> {
  return {
    user: user.name,
    token: `${value.slice(0, 5)}...${value.slice(-5)}`,
    key,
    cidr,
    readonly,
    created: new Date(createdAt).toISOString(),
  };
}

/** An error, as the registry writes it. */
export function problem(status: number, error: string): Response {
  return Response.json({ error }, { status });
}

/** The members of JSON, or none where it is no object. */
export function objectOf(json: unknown): Record<string, unknown> {
  return typeof json === 'object' && json !== null ? Object.fromEntries(Object.entries(json)) : {};
}
