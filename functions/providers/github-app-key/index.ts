import type * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { asBearer } from '../declared/forms.ts';
import { declaredSubmitted, type About, type SubmittedProvider, type Told } from '../declared/submitted.ts';
import { GITHUB_ANSWERS, GITHUB_DIALECT, GITHUB_HEADERS } from '../github-api.ts';
import { NotItsKey, appJwt } from '../github-app.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { descriptor } from './descriptor.ts';
import { App, Grant, Self } from './schema.ts';

/** What recorded accounts begin with; the number of the App follows. */
const APPS = 'apps/';

const asked = declaredSubmitted({
  descriptor,
  origin: 'https://api.github.com',
  place: App,
  grant: Grant,
  atOrigin: true,
  account: ({ appId }: z.infer<typeof App>) => `${APPS}${appId}`,
  dialect: GITHUB_DIALECT,
  ask: {
    request: (value, about) => ({
      method: 'GET',
      path: '/app',
      headers: { ...GITHUB_HEADERS, ...asBearer(jwtBy(value, about)) },
    }),
    told,
    refused: { status: 401, body: NotItsKey, source: 'octokit/auth-app.js, issue 375' },
  },
  examine: GITHUB_ANSWERS,
});

/**
 * Private keys of GitHub Apps: people create and delete them. A key does not say whose it is, so that nothing
 * is asked before its App is known.
 */
export const githubAppKey: SubmittedProvider = {
  ...asked,
  ask: async (value, tools, account) =>
    account?.startsWith(APPS) === true
      ? asked.ask(value, tools, account)
      : {
          outcome: 'unknown',
          reason:
            'It is not known yet which GitHub App the value is for: wait until Keyturn has read the grant.',
        },
};

function jwtBy(value: Secret, { account = '', now }: About): Secret {
  return appJwt(value, Number(account.slice(APPS.length)), now);
}

function told(answer: HttpAnswer): Told | undefined {
  const app = answer.read(Self);
  return app && { account: `${APPS}${app.id}`, called: app.name };
}
