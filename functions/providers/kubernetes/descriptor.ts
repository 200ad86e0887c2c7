import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { SECOND } from '../../core/basics/time.ts';

/**
 * Tokens of a service account of a cluster, each bound to a Secret of its own. Source: kubernetes.io,
 * "TokenRequest"; kubernetes/kubernetes 1.34.4.
 */
export const descriptor: ProviderDescriptor = {
  id: 'kubernetes',
  title: 'Kubernetes service account tokens',
  rotates: 'Tokens of a service account of a Kubernetes 1.28 or later, each bound to a Secret of its own.',
  slots: { count: 'many', of: ['service-account'] },
  value: 'issuer',
  // The name of the Secret.
  found: 'name',
  valueField: 'token',
  // A token says to which Secret it is bound.
  identifies: true,
  // `expirationSeconds`, 600 at least. A cluster may allow less than is asked for.
  expiry: { settable: true, step: 'second', given: 'duration' },
  // When a token was last used is told nowhere.
  // A server that does not know a Secret yet looks it up (pkg/controller/serviceaccount/tokengetter.go), and
  // a list is read from the store. A token that was accepted is believed for 10 seconds
  // (pkg/kubeapiserver/options/authentication.go), and one whose Secret a finalizer keeps for a minute more
  // (pkg/serviceaccount/claims.go).
  lags: { accepted: 0, listed: 0, refused: 70 * SECOND },
  check: 'free',
  concurrency: 2,
  // A JWT: what is stored in base64, as Secrets are shown, is told from it.
  pattern: /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{64,}/,
  docs: 'https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/',
  admin: {
    example: {
      url: 'https://k8s.acme.internal:6443',
      token: '<token of the service account for Keyturn>',
      grants: [
        { secret: 'shop/kubernetes', namespace: 'outside-access', serviceAccount: 'shop', maxDays: 60 },
      ],
    },
    leastRights:
      'A token of a service account for Keyturn. Its Role in the namespace: create, list and delete on ' +
      'secrets, and create on serviceaccounts/token for the named service accounts alone.',
    successor: 'minted',
    values: 'issued',
  },
  manualSteps: [
    'Create a namespace for these service accounts, and put nothing else into it. Who may list its ' +
      'Secrets can read them, and who may also create some can have a token of each account in it. ' +
      'Keyturn asks for names, labels and dates alone, and no Role can hold it to that.',
    'Create a service account there for each purpose, with the roles that it needs: a token has no ' +
      'rights of its own.',
    'Make the first token as Keyturn makes them. Create a Secret with the label ' +
      'keyturn-service-account=NAME. Then bind a token to it: `kubectl create token NAME ' +
      '--bound-object-kind Secret --bound-object-name SECRET`. One that is bound to nothing cannot be ' +
      'revoked.',
    'Write no more into maxDays than the cluster allows: a token that it shortens is given up. Users ' +
      'report 24 hours for Amazon EKS and 48 for GKE. One day leaves room for a rotateEvery of 2h.',
    'Where the API server has a certificate of an authority of its own, name that under caBundleFile in ' +
      'the settings.',
    'Leave the ClusterRole system:basic-user bound as it is by default: it lets a token ask whose it is.',
    'Leave tokens for other audiences out: the API server refuses them as it refuses revoked ones.',
    'Make a token for Keyturn in the same way. It ends too, so let Keyturn replace it: then its Role and ' +
      'a grant name its own service account as well.',
  ],
  evidence: {
    verified:
      "the vendor's specification, as its library has it: kubernetes-client/python 02466449, " +
      'kubernetes/swagger.json.unprocessed, on 2026-11-29; lists of metadata, statuses and refusals are ' +
      'in the code alone',
    sources: [
      'kubernetes-client/python 02466449: kubernetes/swagger.json.unprocessed',
      'kubernetes/kubernetes 1.34.4: pkg/registry/core/serviceaccount/storage/token.go, ' +
        'pkg/serviceaccount, pkg/controller/serviceaccount/tokengetter.go, pkg/kubeapiserver',
      'k8s.io/apiserver 0.34.4: pkg/endpoints, pkg/registry/generic/registry/store.go',
      'kube-apiserver 1.34.4, asked: a token is refused 10 seconds after its Secret was deleted',
      'DataDog/stratus-red-team, issue 163: how long tokens of EKS and GKE last',
    ],
    unconfirmed: [
      'The API server refuses in the same words where it cannot look up what a token is bound to, as ' +
        'when its store fails within moments of a creation.',
      'How far the memory of an API server may be behind its store. Each has its own.',
      'How long others that accept tokens believe what they were told: a TokenReview is often kept for ' +
        'minutes.',
      'That managed clusters answer as kube-apiserver does.',
    ],
  },
};
