import type { Secret } from '../../core/basics/secret.ts';
import { whose } from '../declared/whose.ts';
import type { SafeReason } from '../safe-reasons.ts';
import type { Verdict } from '../verdicts.ts';
import { Self, Unauthorized, type Account } from './schema.ts';
import { endOf, isForServer } from './value.ts';

const REVIEW = 'kubernetes.io, "SelfSubjectReview"';
const REFUSAL = 'kubernetes/kubernetes 1.34.4, apiserver/pkg/endpoints/filters/authentication.go';
const CREATED = 201;

/**
 * The one answer to every token that is not accepted: revoked, expired, of another cluster, or none at all.
 * Not listed, so unknown: a token that may not ask, and whatever stands before the API server.
 */
export const REFUSED: Verdict = { outcome: 'inactive', status: 401, body: Unauthorized, source: REFUSAL };

/** The server does not say that it was not asked for: others may accept such a token. */
const NOT_FOR_IT: Verdict = {
  outcome: 'unknown',
  status: 401,
  body: Unauthorized.transform(
    () =>
      'The token is for another audience than the API server, which refuses it as it refuses a revoked one.',
  ),
  source: 'kubernetes/kubernetes 1.34.4, pkg/serviceaccount/jwt.go',
};

/** What the server says of a token that asks who it is. */
export function tokenVerdicts(
  { namespace, serviceAccount }: Account,
  value: Secret,
  admin: Secret,
): readonly Verdict[] {
  const name = `system:serviceaccount:${namespace}:${serviceAccount}`;
  return [
    ...whose(Self, ({ status }) => status.userInfo.username === name, {
      another: `The cluster takes this token for one of another user than ${name}.`,
      source: REVIEW,
      status: CREATED,
    }),
    isForServer(value, admin) ? REFUSED : NOT_FOR_IT,
  ];
}

/** The same of Keyturn's own token, whoever it is of. */
export function adminVerdicts(token: Secret): readonly Verdict[] {
  return [
    {
      outcome: 'active',
      status: CREATED,
      body: Self.refine(({ status }) => status.userInfo.username !== 'system:anonymous').transform(() =>
        endOf(token),
      ),
      source: REVIEW,
    },
    REFUSED,
  ];
}

export const SAFE: readonly SafeReason[] = [
  {
    status: 403,
    pattern: /exceeded quota/,
    says: 'a quota of the namespace leaves no room for another Secret',
    source: 'kubernetes/kubernetes 1.34.4, apiserver/pkg/admission/plugin/resourcequota/controller.go',
  },
  {
    status: 404,
    pattern: /"serviceaccounts \\"[a-z0-9.-]+\\" not found"/,
    says: 'there is no such service account',
    source: 'kubernetes/kubernetes 1.34.4, apimachinery/pkg/api/errors/errors.go',
  },
  {
    status: 404,
    pattern: /"namespaces \\"[a-z0-9-]+\\" not found"/,
    says: 'there is no such namespace',
    source: 'the same file; apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go',
  },
  {
    status: 409,
    pattern: /"secrets \\"[a-z0-9.-]+\\" already exists"/,
    says: 'the Secret of an earlier try is still there',
    source: 'the same file',
  },
  {
    status: 422,
    pattern: /may not specify a duration less than 10 minutes/,
    source: 'kubernetes/kubernetes 1.34.4, pkg/apis/authentication/validation/validation.go',
  },
];
