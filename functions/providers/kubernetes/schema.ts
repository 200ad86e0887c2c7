import * as z from 'zod';
import { SECOND, type Instant } from '../../core/basics/time.ts';
import { IsoInstant, Value, isUuid } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

/** A name of RFC 1123, in parts between dots. Source: apimachinery, pkg/util/validation. */
const NAME = /[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*/;
const WHOLE_NAME = new RegExp(`^${NAME.source}$`);

export const Admin = z.strictObject({ token: AdminSecret });

/** Both are at most 63 characters long: the name of the account is the value of a label as well. */
export const Account = z.strictObject({
  namespace: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'must be the name of a namespace'),
  serviceAccount: z
    .string()
    .max(63, 'must have at most 63 characters, since it is the value of a label')
    .regex(WHOLE_NAME, 'must be the name of a service account'),
});
export type Account = z.infer<typeof Account>;

export const Grant = z.strictObject({});

/** On each Secret that a token is bound to: the name of its service account. */
export const LABEL = 'keyturn-service-account';
/** Beside it: for how long its token was asked for. */
export const SECONDS = 'keyturn-expiration-seconds';

/** The whole of an id: the name of a Secret, which deletes it, and its UID, which no other ever has. */
export const ID = new RegExp(`${NAME.source}:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`);

export const SecretRef = z.object({
  name: z.string().max(253).regex(WHOLE_NAME),
  uid: z.string().refine(isUuid),
});

export function idOf({ name, uid }: z.infer<typeof SecretRef>): string {
  return `${name}:${uid}`;
}

export function partsOf(id: string): z.infer<typeof SecretRef> {
  const [name = '', uid = ''] = id.split(':');
  return { name, uid };
}

const Metadata = SecretRef.extend({
  creationTimestamp: IsoInstant,
  deletionTimestamp: IsoInstant.optional(),
  annotations: z
    .object({ [SECONDS]: z.string().regex(/^\d{3,10}$/) })
    .optional()
    .catch(undefined),
});

/**
 * A token lasts as long as it was asked for, from its creation, which is never before that of its Secret. One
 * whose Secret a finalizer keeps is refused all the same, a minute after the deletion.
 */
function entryOf({ metadata }: { readonly metadata: z.infer<typeof Metadata> }) {
  return {
    id: idOf(metadata),
    name: metadata.name,
    state: metadata.deletionTimestamp === undefined ? ('active' as const) : ('revoked' as const),
    createdAt: metadata.creationTimestamp,
    expiresAt: endFrom(metadata.creationTimestamp, metadata.annotations?.[SECONDS]),
  };
}

function endFrom(createdAt: Instant, seconds: string | undefined): Instant | undefined {
  return seconds === undefined ? undefined : createdAt + Number(seconds) * SECOND;
}

/** The answer to the first request: a Secret, which has no token yet. */
export const MadeSecret = z.object({ metadata: SecretRef }).transform(({ metadata }) => ({
  id: idOf(metadata),
}));
export const NewEntry = z.object({ kind: z.literal('Secret'), metadata: Metadata }).transform(entryOf);

/** The answer to the second one: a token that is bound to the Secret. */
export const MadeToken = z
  .object({ status: z.object({ token: Value }) })
  .transform(({ status }) => status.token);

/** Secrets without what is in them. An empty list of these is `null` (endpoints/handlers/response.go). */
export const SecretList = z
  .object({
    kind: z.literal('PartialObjectMetadataList'),
    apiVersion: z.literal('meta.k8s.io/v1'),
    items: z.array(z.object({ metadata: Metadata }).transform(entryOf)).nullable(),
  })
  .transform(({ items }) => items ?? []);

/** Left out, or empty, at the end. */
export const Continue = z
  .object({ metadata: z.object({ continue: z.string().optional() }) })
  .transform(({ metadata }) => metadata.continue);

/** The word for a Secret that is gone; one that a finalizer keeps comes back itself. */
export const Deleted = z.object({
  kind: z.literal('Status'),
  status: z.literal('Success'),
  details: z.object({ kind: z.literal('secrets'), uid: z.string().refine(isUuid) }),
});

/** Who a token acts as. */
export const Self = z.object({
  kind: z.literal('SelfSubjectReview'),
  status: z.object({ userInfo: z.object({ username: z.string().min(1) }) }),
});

/** Source: endpoints/filters/authentication.go. */
export const Unauthorized = z.object({
  kind: z.literal('Status'),
  apiVersion: z.literal('v1'),
  status: z.literal('Failure'),
  message: z.literal('Unauthorized'),
  reason: z.literal('Unauthorized'),
  code: z.literal(401),
});
