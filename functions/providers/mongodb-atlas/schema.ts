import * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { IsoInstant, Value } from '../declared/forms.ts';
import { AtlasClientId } from '../mongodb-atlas-api.ts';

const ID = /^[a-f0-9]{24}$/;

export const Account = z.strictObject({
  organization: z.string().regex(ID, 'must be the id of an organization: 24 characters from 0-9 and a-f'),
  serviceAccount: AtlasClientId,
});
export const Grant = z.strictObject({});

/**
 * Until somebody deletes it, an expired one stays in the list and takes a slot. It is not taken for gone, so
 * that it is deleted, too.
 */
const Entry = z
  .object({
    id: z.string().regex(ID),
    createdAt: IsoInstant,
    expiresAt: IsoInstant,
    maskedSecretValue: z.string().nullish(),
  })
  .transform(({ id, createdAt, expiresAt, maskedSecretValue: mask }) => ({
    id,
    state: 'active' as const,
    createdAt,
    expiresAt,
    mask: mask ?? undefined,
  }));

export const MadeSecret = z
  .object({ id: z.string().regex(ID), secret: Value })
  .transform(({ id, secret }) => ({ id, value: secret }));
export const NewEntry = Entry;

/** A service account with all of its secrets. */
export const Secrets = z
  .object({ clientId: AtlasClientId, secrets: z.array(Entry).default([]) })
  .transform(({ secrets }) => secrets);

const PREFIX = 'mdb_sa_sk_';
/** What begins all values shows nothing of one. */
const LEAST_SHOWN = 4;

/** Whether a mask can be the one of a value; undefined where it shows too little to tell. */
export function isMaskOf(value: Secret, mask = ''): boolean | undefined {
  const [, head = '', tail = ''] = /^([\w-]*)[^\w-]+([\w-]*)$/.exec(mask) ?? [];
  const ownHead = head.startsWith(PREFIX) ? head.length - PREFIX.length : 0;
  if (ownHead + tail.length < LEAST_SHOWN) return undefined;
  const text = value.reveal();
  return text.length > head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}
