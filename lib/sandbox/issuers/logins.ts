import { bearerOf } from './forms.ts';

/** The text in an `Authorization: Basic …` header (RFC 7617): a user, a colon and a password. */
export function pairOf(headers: Headers): string | undefined {
  const [, sent] = /^Basic (.+)$/.exec(headers.get('authorization') ?? '') ?? [];
  return sent === undefined ? undefined : Buffer.from(sent, 'base64').toString();
}

/** The user and the password of such a header. */
export function userOf(headers: Headers): { readonly user: string; readonly password: string } | undefined {
  const text = pairOf(headers);
  if (text === undefined) return undefined;
  const [user = '', ...rest] = text.split(':');
  return { user, password: rest.join(':') };
}

const START = 'session.';

/** A token for a while, which stands for the credential that it was given for. */
export function sessionFor(user: string, credential: string): string {
  const body = Buffer.from(JSON.stringify([user, credential])).toString('base64url');
  return `${START}${body}.signature`;
}

/** What a token of {@link sessionFor} stands for; undefined for any other text. */
export function sessionIn(token: string): { readonly user: string; readonly credential: string } | undefined {
  if (!token.startsWith(START)) return undefined;
  const [, body = ''] = token.split('.');
  const [user, credential] = JSON.parse(Buffer.from(body, 'base64url').toString());
  return { user: String(user), credential: String(credential) };
}

const OF = '.of.';

/** The admin credential of one owner, where each has one of its own: the common one and the owner's name. */
export function ofOwner(credential: string, owner: string): string {
  return credential + OF + owner;
}

/** The common one in a text of {@link ofOwner}; any other text is left as it is. */
export function credentialIn(text: string): string {
  return text.split(OF)[0] ?? text;
}

/** The owner in a text of {@link ofOwner}; undefined in any other text. */
export function ownerIn(text: string): string | undefined {
  return text.split(OF)[1];
}

/** The credential that a bearer token is, or stands for. */
export function bearerIn(request: Request): string | undefined {
  return standsFor(bearerOf(request));
}

/** The credential that a token is, or stands for. */
export function standsFor(token: string | undefined): string | undefined {
  return token === undefined ? undefined : (sessionIn(token)?.credential ?? token);
}

/** Whose a token of {@link sessionFor} is, where a request brings one: alone, or after a word. */
export function loggedIn(headers: Headers): string | undefined {
  const [, token = ''] = /^(?:\w+ )?(.+)$/.exec(headers.get('authorization') ?? '') ?? [];
  return sessionIn(token)?.user;
}
