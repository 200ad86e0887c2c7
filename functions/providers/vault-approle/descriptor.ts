import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * Secret IDs of an AppRole of HashiCorp Vault 1.12 or later, or of OpenBao. Source: their documentation,
 * "AppRole auth method (API)"; openbao/openbao df6ce2ce.
 */
export const descriptor: ProviderDescriptor = {
  id: 'vault-approle',
  title: 'Vault AppRole secret IDs',
  rotates:
    'Secret IDs of an AppRole of HashiCorp Vault 1.12 or later, or of OpenBao, with which programs log in.',
  // Vault names no limit. Keyturn looks up 500.
  slots: { count: 'many', of: ['application'] },
  value: 'issuer',
  // The marker stands in the metadata.
  found: 'name',
  valueField: 'secret_id',
  companions: ['role_id'],
  // The admin may look a secret ID up.
  identifies: true,
  expiry: { settable: true, step: 'second', given: 'duration' },
  // Of a secret ID without a limit of uses, Vault does not tell when it was last used.
  // A node that stands by may be behind for a time that is not documented.
  lags: { allowed: MINUTE },
  // A dead secret ID and an unknown role_id are refused in the same words.
  check: 'accepted-only',
  concurrency: 1,
  docs: 'https://developer.hashicorp.com/vault/api-docs/auth/approle',
  admin: {
    example: {
      url: 'https://vault.example.com:8200',
      role_id: '00000000-0000-4000-8000-000000000001',
      secret_id: '<secret ID of the AppRole for Keyturn>',
      grants: [
        {
          secret: 'shop/vault',
          mount: 'approle',
          role: 'shop',
          roleId: '00000000-0000-4000-8000-000000000000',
          maxDays: 30,
        },
      ],
    },
    leastRights:
      'A secret ID of an AppRole for Keyturn, whose policy names these paths of each role, under ' +
      '`auth/approle/role/ROLE`. It reads the role itself and `/role-id`. It lists and updates ' +
      '`/secret-id`. It updates `/secret-id/lookup`, `/secret-id-accessor/lookup` and ' +
      '`/secret-id-accessor/destroy`.',
    successor: 'minted',
    values: 'issued',
  },
  manualSteps: [
    'Write the policy that the least rights name, with the path of each role in full. Do not write `*` or ' +
      '`+` into it: who may make secret IDs of a role has all of its rights.',
    'Create the AppRole for Keyturn: `vault write auth/approle/role/keyturn token_policies=keyturn ' +
      'token_type=batch token_ttl=30m`. Each session logs in once, and batch tokens end by themselves.',
    'Store its role_id and a secret ID of it in the admin secret, with mount and namespace where it has ' +
      'others. A secret ID of Keyturn ends too, so let Keyturn replace it. Then the policy and a grant ' +
      'name its own role as well.',
    'Leave secret_id_num_uses of the role at 0. Each check is a login, which is a use. Do not store a ' +
      'secret ID that has a num_uses of its own.',
    'Each check makes a token of the role, and revokes it at once. Leave the policy `default` on the role, ' +
      'or its tokens cannot revoke themselves and live for token_ttl. Or set token_type of the role to ' +
      'batch, and a short token_ttl.',
    'Vault counts a role whose secret IDs are checked among its clients, and audits each login.',
    'Vault locks a role for 15 minutes after five failed logins, for all who use it. A check of a dead ' +
      'secret ID is one. Turn that off for the mount: `vault auth tune -user-lockout-disable=true ' +
      'approle/`. Secret IDs are too long to be guessed.',
    'Where the role has secret_id_bound_cidrs, add the addresses that Keyturn calls from.',
    'A mount cuts the life of secret IDs to its longest lease: `vault auth tune -max-lease-ttl=2160h ' +
      'approle/` allows 90 days.',
    '`vault read auth/approle/role/ROLE/role-id` shows the roleId. It is not secret.',
    'Name the namespace in the grant, where there is one, such as `admin` in HCP Vault.',
    'Where several nodes answer, let the address lead to the active one: another may not know a new secret ' +
      'ID yet.',
  ],
  evidence: {
    verified:
      'the real program: OpenBao 2.7.2, on 2026-11-30, whose answers the simulator gives too; ' +
      "and the vendor's specification, as its library has it: hashicorp/vault-client-go a0f17ccb, " +
      'openapi.json, which does not describe the answers to logins and refusals',
    sources: [
      'OpenBao 2.7.2, asked: statuses and words of each call, the policy, the lock after failed logins, ' +
        'and namespaces',
      'openbao/openbao df6ce2ce: website/content/docs/api/auth/approle.mdx and token.mdx',
      'openbao/openbao df6ce2ce: internal/builtin/credential/approle/path_login.go, path_role.go and ' +
        'validation.go; internal/vault/request_handling.go and token_store.go; internal/http/handler.go; ' +
        'sdk/logical/response_util.go and response.go',
      'hashicorp/vault 051cff95: builtin/credential/approle/path_login.go',
      'hashicorp/vault, pull request 14474: a secret ID has a life of its own since 1.12; issue 31726: the ' +
        'longest lease of a mount cuts it',
      'hashicorp/vault, pull request 12788: 404 for an accessor that is gone, since 1.9',
      'developer.hashicorp.com/vault: User lockout, Client count calculation, Tune the lease time-to-live, ' +
        'auth tune; developer.hashicorp.com/hcp: Manage namespaces',
      'support.hashicorp.com, article 4404774721171: a login without its namespace is denied',
    ],
    unconfirmed: [
      'No HashiCorp Vault was asked. Its code for AppRole has the same words.',
      'How far a node that stands by may be behind.',
      'That Vault Enterprise and HCP Vault answer as the open code does.',
      'How long HashiCorp Vault accepts an expired secret ID: its code removes them about every minute. ' +
        'OpenBao 2.7.2 refused one within five seconds.',
      'A secret ID that a person made with a limit of uses loses one with each check.',
    ],
  },
};
