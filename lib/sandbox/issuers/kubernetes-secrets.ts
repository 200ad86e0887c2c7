import * as z from 'zod';
import { SECOND } from '../../../functions/core/basics/time.ts';
import { isoSeconds } from './forms.ts';
import { conflict, failed, metadataOf, notFound } from './kubernetes-answers.ts';
import { AUDIENCE, NAMESPACE, accountOf, nameOf, signedFor, uidOf } from './kubernetes-tokens.ts';
import type { Call, Kept } from './minting-rules.ts';

const LABEL = 'keyturn-service-account';
/** Source: apimachinery, pkg/util/validation: a name of RFC 1123. */
const Name = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
const NewSecret = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Secret'),
  metadata: z.strictObject({
    name: Name,
    labels: z.strictObject({ [LABEL]: z.string().max(63) }),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  type: z.literal('Opaque'),
});
const NewToken = z.strictObject({
  apiVersion: z.literal('authentication.k8s.io/v1'),
  kind: z.literal('TokenRequest'),
  spec: z.strictObject({
    expirationSeconds: z.int(),
    boundObjectRef: z.strictObject({
      apiVersion: z.literal('v1'),
      kind: z.literal('Secret'),
      name: Name,
      uid: z.string(),
    }),
  }),
});
const Gone = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('DeleteOptions'),
  preconditions: z.strictObject({ uid: z.string() }).optional(),
});

/** A Secret, to which no token is bound yet. */
export function create({ body, store }: Call): Response {
  const asked = NewSecret.safeParse(body);
  if (!asked.success) return failed(422, 'Invalid', 'Secret "" is invalid: metadata: Invalid value');
  const { name, labels, annotations = {} } = asked.data.metadata;
  const account = accountOf(labels[LABEL]);
  if (!store.has(account)) return notFound('namespaces', NAMESPACE);
  if (store.all().some((one) => one.name === name))
    return failed(409, 'AlreadyExists', `secrets "${name}" already exists`, { name, kind: 'secrets' });
  const made = store.add(account, { name, scopes: [JSON.stringify(annotations)], expiresAt: undefined });
  made.value = `no token is bound to ${made.id}`;
  return Response.json(
    { kind: 'Secret', apiVersion: 'v1', metadata: shown(made), type: 'Opaque' },
    { status: 201 },
  );
}

/** A second token of one Secret would take the place of the first here; Keyturn asks for none. */
export function requestToken(
  { body, now, store }: Call,
  name: string,
  random: (length: number) => string,
): Response {
  const account = accountOf(name);
  if (!store.has(account)) return notFound('serviceaccounts', name);
  const asked = NewToken.safeParse(body);
  if (!asked.success) return failed(400, 'BadRequest', 'the object provided is unrecognized');
  const { expirationSeconds: seconds, boundObjectRef: ref } = asked.data.spec;
  if (seconds < 600)
    return failed(
      422,
      'Invalid',
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: ' +
        `${seconds}: may not specify a duration less than 10 minutes`,
    );
  const secret = store.all().find((one) => one.name === ref.name);
  if (!secret) return notFound('secrets', ref.name);
  if (secret.id !== ref.uid)
    return conflict('Secret', ref.name, `the UID in the bound object reference (${ref.uid}) does not match`);
  const until = Math.floor(now / SECOND) * SECOND + seconds * SECOND;
  secret.value = signedFor(
    { account, secret: { name: ref.name, uid: secret.id }, life: { from: now, until } },
    random,
  );
  secret.expiresAt = until;
  return Response.json(
    {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace: NAMESPACE, uid: uidOf(1), creationTimestamp: isoSeconds(now) },
      spec: { audiences: [AUDIENCE], expirationSeconds: seconds, boundObjectRef: ref },
      status: { token: secret.value, expirationTimestamp: isoSeconds(until) },
    },
    { status: 201 },
  );
}

/**
 * Source: kubernetes.io, "Kubernetes API Concepts": pages, and objects without what is in them; apiserver,
 * pkg/endpoints/handlers/response.go: an empty list of these is null. A namespace that is gone has an empty
 * list as well.
 */
export function list({ headers, query, store }: Call): Response {
  const [, label] = new RegExp(`^${LABEL}=([^,=]+)$`).exec(query.get('labelSelector') ?? '') ?? [];
  const all = store.all().filter((one) => label === undefined || nameOf(one.account) === label);
  const start = Number(Buffer.from(query.get('continue') ?? '', 'base64url').toString());
  const size = Number(query.get('limit') ?? all.length);
  const isMetadata = /;as=PartialObjectMetadataList;g=meta\.k8s\.io;v=v1/.test(headers.get('accept') ?? '');
  const page = all.slice(start, start + size).map((one) => ({ metadata: shown(one) }));
  const end = start + size;
  const metadata = {
    resourceVersion: '1000',
    ...(end < all.length && { continue: Buffer.from(String(end)).toString('base64url') }),
  };
  if (!isMetadata) return Response.json({ kind: 'SecretList', apiVersion: 'v1', metadata, items: page });
  const apiVersion = 'meta.k8s.io/v1';
  const items = page.map((one) => ({ kind: 'PartialObjectMetadata', apiVersion, ...one }));
  return Response.json({
    kind: 'PartialObjectMetadataList',
    apiVersion,
    metadata,
    items: items.length === 0 ? null : items,
  });
}

/** Source: apiserver, pkg/registry/rest/delete.go and pkg/registry/generic/registry/store.go. */
export function remove({ body, store }: Call, name: string): Response {
  const found = store.all().find((one) => one.name === name);
  if (!found) return notFound('secrets', name);
  const uid = Gone.safeParse(body).data?.preconditions?.uid;
  if (uid !== undefined && uid !== found.id)
    return conflict('Secret', name, `the UID in the precondition (${uid}) does not match`);
  store.revoke(found);
  return Response.json({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, kind: 'secrets', uid: found.id },
  });
}

function shown(secret: Kept) {
  return metadataOf(
    secret,
    { [LABEL]: nameOf(secret.account) },
    JSON.parse(secret.scopes[0] ?? '{}') satisfies object,
  );
}
