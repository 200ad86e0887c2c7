import * as z from 'zod';
import type { Realm } from './keycloak-realm.ts';

const Made = z.looseObject({ id: z.string() });

/**
 * Lets the client that Keyturn works with view and manage one client, by a fine-grained permission.
 * A policy that names its service account as a user would not find it.
 */
export async function mayManage(realm: Realm, id: string): Promise<void> {
  const permissions = `/clients/${await realm.idOf('admin-permissions')}/authz/resource-server`;
  const { id: user } = await realm.serviceAccount();
  await realm.ask('POST', '/roles', { name: 'renews' });
  const role = Made.parse(await realm.ask('GET', '/roles/renews'));
  await realm.ask('POST', `/users/${user}/role-mappings/realm`, [role]);
  const roles = [{ id: role.id, required: false }];
  const policy = Made.parse(
    await realm.ask('POST', `${permissions}/policy/role`, { name: 'who renews', roles }),
  );
  await realm.ask('POST', `${permissions}/permission/scope`, {
    name: 'keyturn may renew',
    resourceType: 'Clients',
    resources: [id],
    scopes: ['view', 'manage'],
    policies: [policy.id],
  });
}

/** How long a client secret lives on that another one took the place of, in milliseconds. */
export const ROTATED_FOR = 5_000;

/** Makes the realm keep old client secrets for a while, by a client policy. */
export async function keepRotated(realm: Realm): Promise<void> {
  await realm.ask('PUT', '/client-policies/profiles', {
    profiles: [
      {
        name: 'keeps-two',
        executors: [
          {
            executor: 'secret-rotation',
            configuration: {
              'expiration-period': 3_600,
              'rotated-expiration-period': ROTATED_FOR / 1_000,
              'remaining-rotation-period': 60,
            },
          },
        ],
      },
    ],
  });
  await realm.ask('PUT', '/client-policies/policies', {
    policies: [
      {
        name: 'all-keep-two',
        enabled: true,
        conditions: [{ condition: 'client-access-type', configuration: { type: ['confidential'] } }],
        profiles: ['keeps-two'],
      },
    ],
  });
}
