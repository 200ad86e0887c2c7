import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';

const ID = /^[a-f0-9]{24}$/;

export const Organization = z.strictObject({
  organization: z.string().regex(ID, 'must be the id of an organization: 24 characters from 0-9 and a-f'),
});
export const Grant = z.strictObject({
  roles: z.array(z.string().regex(/^ORG_[A-Z_]{2,60}$/, 'must be a role such as ORG_READ_ONLY')).min(1),
});

const Roles = z.array(z.object({ groupId: z.string().nullish(), roleName: z.string() }));

/** A role in a project is told from the same one in another. Somebody else gave it. */
const scopesOf = (roles: z.infer<typeof Roles>): readonly string[] =>
  roles.map(({ groupId, roleName }) => (groupId ? `${groupId}:${roleName}` : roleName));

/** Lists do not tell when a key was made. */
const Key = z
  .object({ id: z.string().regex(ID), desc: z.string(), publicKey: z.string().min(1), roles: Roles })
  .transform(({ id, desc, publicKey, roles }) => ({
    id,
    name: desc,
    state: 'active' as const,
    mask: publicKey,
    scopes: scopesOf(roles),
  }));

const Half = z.string().min(1).optional().catch(undefined);

/** Both halves in one text: each is good for nothing without the other. */
export const MadeKey = z
  .object({ id: z.string().regex(ID), publicKey: Half, privateKey: Half })
  .transform(({ id, publicKey, privateKey }) => ({
    id,
    value: publicKey && privateKey ? new Secret(`${publicKey}:${privateKey}`) : undefined,
  }));
export const NewEntry = Key;

export const KeyPage = z.object({ results: z.array(Key) }).transform(({ results }) => results);

/** Whose a key is: the answer to a key about itself. */
export const Self = z.object({
  appName: z.literal('MongoDB Atlas'),
  apiKey: z.object({ publicKey: z.string(), roles: z.array(z.object({ orgId: z.string().nullish() })) }),
});
