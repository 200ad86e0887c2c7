/** How an API server writes what it answers. Source: kubernetes/kubernetes 1.34.4 and its modules. */
import { isoSeconds } from './forms.ts';
import type { Kept } from './minting-rules.ts';
import { NAMESPACE } from './kubernetes-tokens.ts';

/** A refusal: apimachinery, pkg/api/errors/errors.go. */
export function failed(code: number, reason: string, message: string, details?: object): Response {
  return Response.json(
    {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      ...(details && { details }),
      code,
    },
    { status: code },
  );
}

/** The one answer to whatever is not accepted: apiserver, pkg/endpoints/filters/authentication.go. */
export function unauthorized(): Response {
  return failed(401, 'Unauthorized', 'Unauthorized');
}

/** Apiserver, pkg/endpoints/handlers/responsewriters/errors.go. */
export function forbidden(user: string, verb: string, resource: string): Response {
  const what = `${resource} is forbidden: User "${user}" cannot ${verb} resource "${resource}"`;
  return failed(403, 'Forbidden', `${what} in API group "" in the namespace "${NAMESPACE}"`, {
    kind: resource,
  });
}

export function notFound(kind: string, name: string): Response {
  return failed(404, 'NotFound', `${kind} "${name}" not found`, { name, kind });
}

export function conflict(kind: string, name: string, why: string): Response {
  return failed(409, 'Conflict', `Operation cannot be fulfilled on ${kind} "${name}": ${why}`, {
    name,
    kind,
  });
}

/** What a Secret shows of itself; its annotations are what was sent. */
export function metadataOf({ id, name, createdAt }: Kept, labels: object, annotations: object) {
  return {
    name,
    namespace: NAMESPACE,
    uid: id,
    resourceVersion: String(1_000 + (createdAt % 1_000_000)),
    creationTimestamp: isoSeconds(createdAt),
    labels,
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
}
