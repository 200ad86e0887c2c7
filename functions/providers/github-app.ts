import * as z from 'zod';
import { Secret } from '../core/basics/secret.ts';
import { MINUTE, SECOND, type Instant } from '../core/basics/time.ts';
import { rsaKeyIn, signedJwt } from './signed-jwt.ts';

/** So far its beginning is set back, for a clock that is ahead. */
const AHEAD = MINUTE;
/** 10 minutes in the future are the latest end. */
const LIFE = 5 * MINUTE;

/**
 * By which a GitHub App says that it is that App: signed by one of its keys, which is not sent itself. `key`:
 * the file that GitHub gives, in base64. Source: docs.github.com, "Generating a JSON Web Token (JWT)".
 */
export function appJwt(key: Secret, appId: number, now: Instant): Secret {
  const claims = {
    iat: Math.floor((now - AHEAD) / SECOND),
    exp: Math.floor((now + LIFE) / SECOND),
    iss: appId,
  };
  const pem = Buffer.from(key.reveal(), 'base64').toString();
  return new Secret(signedJwt({ claims, key: rsaKeyIn(pem) }));
}

const UNDECODED = 'A JSON web token could not be decoded';

/**
 * The words for a JWT that no key of the App signed. One with a wrong time is refused in others. Source:
 * octokit/auth-app.js, issue 375; the whole answer: github/docs, issue 33989.
 */
export const NotItsKey = z.object({ message: z.literal(UNDECODED) });

/** The same as a text in an answer. */
export const NOT_ITS_KEY = new RegExp(`"${UNDECODED}"`);
