import * as z from 'zod';
import type { Secret } from '../core/basics/secret.ts';
import { GrantValue } from './grant-values.ts';
import type { HttpRequest } from './request.ts';
import type { Verdict } from './verdicts.ts';

export const DOCKER_LOGIN_PATH = '/v2/auth/token';

/** A token for ten minutes, which is a JWT. */
export const DockerLogin = z
  .object({ access_token: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/) })
  .transform(({ access_token: token }) => token)
  .pipe(GrantValue);

/** One login takes passwords and tokens of users, and tokens of organizations. */
export function dockerCredentials(identifier: string, secret: Secret) {
  return { json: { identifier, secret: secret.reveal() } };
}

export function dockerLogin(identifier: string, secret: Secret): HttpRequest {
  return {
    method: 'POST',
    path: DOCKER_LOGIN_PATH,
    body: dockerCredentials(identifier, secret),
    repeatable: true,
  };
}

/** Not listed, so unknown: a body that Docker finds wrong, a second factor that it wants. */
export const DOCKER_LOGIN_VERDICTS: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 200,
    body: DockerLogin.transform(() => ({})),
    source: 'docker/docs, content/reference/api/hub/latest.yaml, AuthCreateAccessToken',
  },
  {
    outcome: 'inactive',
    status: 401,
    body: z.strictObject({ message: z.literal('unauthorized'), errinfo: z.strictObject({}) }),
    source: 'answers of hub.docker.com, as users report them; mongodb/kingfisher, issue 202',
  },
];
