import { bearerOf, isoSeconds } from './forms.ts';
import { forbidden, unauthorized } from './kubernetes-answers.ts';
import { create, list, remove, requestToken } from './kubernetes-secrets.ts';
import { ADMIN, NAMESPACE, accountOf, byHand, nameOf, uidOf } from './kubernetes-tokens.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, MintingRules } from './minting-rules.ts';
import { randomText } from './random-text.ts';
import type { Issuer } from './simulator.ts';

const REVIEWS = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const RULES: Omit<MintingRules, 'answer'> = {
  provider: 'kubernetes',
  host: 'k8s.keyturn.test',
  account: (index) => accountOf(`app-${index}`),
  admin: (token) => ({ token }),
  grant: (account) => ({ namespace: NAMESPACE, serviceAccount: nameOf(account), maxDays: 60 }),
  id: (number) => uidOf(number),
  value: byHand,
  handle: ({ id, name }) => `${name}:${id}`,
  presented: bearerOf,
  byHand: { scopes: ['{}'], name: (number) => `by-hand-${number}` },
  stored: (token) => ({ token }),
  use: (token) => ({
    path: `/api/v1/namespaces/${NAMESPACE}/configmaps`,
    headers: { authorization: `Bearer ${token}` },
  }),
};

/**
 * The API server of a cluster as far as tokens go that are bound to Secrets. Source: kubernetes/kubernetes
 * 1.34.4, pkg/registry/core/serviceaccount/storage/token.go, pkg/serviceaccount; k8s.io/apiserver 0.34.4.
 */
export function kubernetesSimulator(options: MintingOptions): Issuer {
  const random = randomText(2);
  return new MintingSimulator({ ...RULES, answer: (call) => answer(call, random) }, options);
}

function answer(call: Call, random: (length: number) => string): Response {
  const { caller, headers, method, path } = call;
  if (!headers.has('authorization')) return forbidden('system:anonymous', verbOf(method), 'secrets');
  if (caller.kind === 'unauthenticated') return unauthorized();
  const account = caller.kind === 'admin' ? accountOf(ADMIN) : caller.credential.account;
  const user = `system:serviceaccount:${NAMESPACE}:${nameOf(account)}`;
  if (path === REVIEWS && method === 'POST') return review(call, user);
  const [, namespace, kind = '', name = '', sub] =
    /^\/api\/v1\/namespaces\/([^/]+)\/([a-z]+)(?:\/([^/]+))?(?:\/(token))?$/.exec(path) ?? [];
  if (kind === 'configmaps' && method === 'GET' && caller.kind === 'credential')
    return Response.json({ kind: 'ConfigMapList', apiVersion: 'v1', metadata: {}, items: [] });
  if (caller.kind !== 'admin' || namespace !== NAMESPACE) return forbidden(user, verbOf(method), kind);
  switch (`${method} ${kind}${name === '' ? '' : '/…'}${sub === undefined ? '' : '/token'}`) {
    case 'POST secrets':
      return create(call);
    case 'POST serviceaccounts/…/token':
      return requestToken(call, name, random);
    case 'GET secrets':
      return list(call);
    case 'DELETE secrets/…':
      return remove(call, name);
    default:
      return forbidden(user, verbOf(method), kind);
  }
}

/** Source: pkg/registry/authentication/selfsubjectreview/rest.go. */
function review({ now }: Call, username: string): Response {
  const status = {
    userInfo: {
      username,
      uid: uidOf(1),
      groups: ['system:serviceaccounts', `system:serviceaccounts:${NAMESPACE}`, 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${uidOf(2)}`] },
    },
  };
  const metadata = { creationTimestamp: isoSeconds(now) };
  return Response.json(
    { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1', metadata, status },
    { status: 201 },
  );
}

function verbOf(method: string): string {
  return { GET: 'list', POST: 'create', DELETE: 'delete' }[method] ?? 'patch';
}
