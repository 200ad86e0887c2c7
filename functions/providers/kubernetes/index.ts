import type { Secret } from '../../core/basics/secret.ts';
import type { Examination } from '../declared/declaration.ts';
import { asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { cursor } from '../declared/paging.ts';
import { pathOf, type HttpRequest } from '../request.ts';
import { descriptor } from './descriptor.ts';
import {
  Account,
  Admin,
  Continue,
  Deleted,
  Grant,
  ID,
  LABEL,
  MadeSecret,
  MadeToken,
  NewEntry,
  SECONDS,
  SecretList,
  partsOf,
} from './schema.ts';
import { differenceIn, endOf, matchOf } from './value.ts';
import { REFUSED, SAFE, adminVerdicts, tokenVerdicts } from './verdicts.ts';

const SELF = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const REVIEW = { json: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' } };
/** Secrets without what is in them. Source: kubernetes.io, "Kubernetes API Concepts". */
const METADATA = { accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' };

const secretsOf = ({ namespace }: Account): string => pathOf`/api/v1/namespaces/${namespace}/secrets`;
const selected = ({ serviceAccount }: Account) => ({ labelSelector: `${LABEL}=${serviceAccount}` });

export const kubernetes = declared({
  descriptor,
  admin: Admin,
  place: Account,
  grant: Grant,
  apiPath: '/api/v1',
  account: ({ namespace, serviceAccount }: Account) =>
    pathOf`namespaces/${namespace}/serviceaccounts/${serviceAccount}`,
  id: ID,
  safe: SAFE,
  as: ({ admin }) => asBearer(admin.token),
  // A token has no name and no list. It is bound to a Secret of its own, which has both: it ends with that.
  create: {
    path: ({ place }) => secretsOf(place),
    body: ({ name, place, seconds }) => ({
      json: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          name,
          labels: { [LABEL]: place.serviceAccount },
          annotations: { [SECONDS]: String(seconds) },
        },
        type: 'Opaque',
      },
    }),
    made: MadeSecret,
    entry: NewEntry,
    told: 'answer',
    // Without an audience it is for the API server, which can then be asked about it.
    valueBy: {
      path: ({ place: { namespace, serviceAccount } }) =>
        pathOf`/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`,
      body: ({ seconds }, id) => ({
        json: {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenRequest',
          spec: {
            expirationSeconds: seconds,
            boundObjectRef: { apiVersion: 'v1', kind: 'Secret', ...partsOf(id) },
          },
        },
      }),
      value: MadeToken,
    },
    differs: (answer, { seconds }) => differenceIn(answer.read(MadeToken), seconds),
  },
  list: {
    path: ({ place }) => secretsOf(place),
    query: ({ place }) => selected(place),
    headers: METADATA,
    answer: SecretList,
    pages: cursor('continue', Continue, { limit: '250' }),
  },
  // The name reaches every Secret of the namespace, and a name can be given again: the UID cannot.
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => secretsOf(place) + pathOf`/${partsOf(id).name}`,
    body: (id) => ({
      json: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: partsOf(id).uid } },
    }),
    done: { status: 200, body: Deleted },
    gone: [404, 409],
    proof: 'answer',
    onlyOwn: true,
  },
  check: {
    method: 'POST',
    path: () => SELF,
    headers: asBearer,
    body: () => REVIEW,
    verdicts: ({ admin, place }, value) => tokenVerdicts(place, value, admin.token),
  },
  identify: { by: 'list', match: matchOf },
  valueTells: endOf,
  // Whether it is a token that the cluster takes, and whether it may list the Secrets of the first grant.
  examine: ({ token }, grants) => [
    { request: reviewBy(token), verdicts: adminVerdicts(token) },
    ...grants.slice(0, 1).map((grant): Examination => ({
      request: {
        method: 'GET',
        path: secretsOf(grant),
        query: { ...selected(grant), limit: '1' },
        headers: { ...METADATA, ...asBearer(token) },
      },
      verdicts: [
        {
          outcome: 'active',
          status: 200,
          body: SecretList.transform(() => ({})),
          source: 'kubernetes.io, "Kubernetes API Concepts"',
        },
        REFUSED,
      ],
    })),
  ],
  adminValues: ({ token }) => [token],
});

function reviewBy(token: Secret): HttpRequest {
  return { method: 'POST', path: SELF, headers: asBearer(token), body: REVIEW, repeatable: true };
}
