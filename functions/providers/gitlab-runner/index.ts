import type * as z from 'zod';
import { asHeader } from '../declared/forms.ts';
import { declaredOneSlot } from '../declared/one-slot.ts';
import { GITLAB_REFUSALS } from '../gitlab-refusals.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { Admin, Details, Forbidden, Reset, Runner, Verified } from './schema.ts';

type Runner = z.infer<typeof Runner>;

const API = '/api/v4/runners';
const asToken = asHeader('private-token');
const runnerOf = ({ runner }: Runner): string => API + pathOf`/${String(runner)}`;

/** GitLab documents both: "Credentials are valid" and "Credentials are invalid". */
function verdictsFor({ runner }: Runner): readonly Verdict[] {
  const source = 'docs.gitlab.com, "Runners API"; gitlabhq/gitlabhq, lib/api/ci/runner.rb';
  return [
    {
      outcome: 'active',
      status: 200,
      body: Verified.refine(({ id }) => id === runner).transform(({ token_expires_at: ends }) => ({
        ...(ends !== undefined && { expiresAt: ends }),
      })),
      source,
    },
    {
      outcome: 'unknown',
      status: 200,
      body: Verified.transform(() => `GitLab takes this token for one of another runner than ${runner}.`),
      source,
    },
    { outcome: 'inactive', status: 403, body: Forbidden, source },
  ];
}

export const gitlabRunner = declaredOneSlot({
  descriptor,
  admin: Admin,
  place: Runner,
  alone: { field: 'runner', kind: 'runner' },
  apiPath: '/api/v4',
  account: ({ runner }: Runner) => `runners/${runner}`,
  check: {
    request: (value) => ({
      method: 'POST',
      path: `${API}/verify`,
      body: { form: { token: value } },
    }),
    verdicts: verdictsFor,
  },
  replace: {
    request: ({ token }, place) => ({
      method: 'POST',
      path: `${runnerOf(place)}/reset_authentication_token`,
      headers: asToken(token),
    }),
    made: Reset,
  },
  examine: ({ token }, [place]) =>
    place === undefined
      ? []
      : [
          {
            request: { method: 'GET', path: runnerOf(place), headers: asToken(token) },
            verdicts: [
              {
                outcome: 'active',
                status: 200,
                body: Details.refine(({ id }) => id === place.runner).transform(() => ({})),
                source: 'docs.gitlab.com, "Runners API", retrieve details of a runner',
              },
              ...GITLAB_REFUSALS,
            ],
          },
        ],
  adminValues: ({ token }) => [token],
});
