import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Client secrets of a client: one at any time, which the next one takes the place of. */
export const descriptor: ProviderDescriptor = {
  id: 'keycloak',
  title: 'Keycloak client secrets',
  rotates:
    'Client secrets of confidential OpenID Connect clients of a realm, whose Client Authenticator is ' +
    'Client Id and Secret.',
  // "Generate a new secret for the client" replaces the one secret of the client.
  slots: { names: ['client secret'], of: ['application'] },
  value: 'issuer',
  found: 'reissue',
  valueField: 'client_secret',
  companions: ['client_id'],
  identifies: true,
  // A client policy may give new secrets an end; nobody can ask for one, and the answer does not tell it.
  expiry: { settable: false, step: 'none' },
  // Keycloak names neither delay: one server takes and refuses at once, and several share a cache.
  lags: { allowed: MINUTE },
  check: 'free',
  concurrency: 1,
  docs: 'https://www.keycloak.org/docs-api/latest/rest-api/index.html#_clients',
  admin: {
    example: {
      url: 'https://sso.example.com',
      realm: 'acme',
      clientId: 'keyturn',
      clientSecret: '<client secret of the client keyturn>',
      grants: [{ secret: 'billing/keycloak', clientId: 'billing' }],
    },
    leastRights:
      'A client of the same realm with a service account. Its service account has the role query-clients ' +
      'of realm-management, and a role of its own. A permission for the resource type Clients gives that ' +
      'role, by a role policy, the scopes view and manage, for the clients in the grants alone (Keycloak ' +
      '26.2 or later, Admin Permissions of the realm). Without Admin Permissions it needs the role ' +
      'manage-clients, which reaches every client of the realm.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create a client for Keyturn in the realm: Client authentication on, Service accounts roles on, all ' +
      'other flows off.',
    'Name in url the address at which Keycloak lies, with its path where it has one, such as /auth. It has ' +
      'to serve both /realms and /admin.',
    'Take no user policy for the permission: in Keycloak 26.5.6 it does not find service accounts.',
    'Store the client secret that the client has now in the secret before its first rotation, with its ' +
      'Client ID as client_id. Keyturn ends no value that it does not know.',
    'Grant a client to one secret alone: it has one client secret.',
    'Let consumers read the secret again as soon as Keycloak answers unauthorized_client. The old client ' +
      'secret ends with the creation of the new one.',
    'Keyturn treats every client as one with one slot. Where a client policy with the executor ' +
      'secret-rotation keeps the old secret for a while, Keyturn sees it accepted until then.',
    'Rotate more often than such a policy lets secrets expire: Keyturn does not read when they do.',
    'Checks show in the log of the server as INTROSPECT_TOKEN_ERROR, and as REFRESH_TOKEN_ERROR where a ' +
      'value is refused: Keyturn asks about a token that is none.',
  ],
  evidence: {
    verified: 'the real program: Keycloak 26.5.6, on 2026-11-30',
    sources: [
      'Keycloak 26.5.6, asked: each answer to a check, the creation, the rights, and secret-rotation.',
      'keycloak/keycloak 02452c91, services/…/admin/ClientResource.java: a new client secret.',
      'keycloak/keycloak 03f1a163, ClientIdAndSecretAuthenticator.java: what is looked at, in order.',
      'keycloak/keycloak 02ebd55c, TokenIntrospectionEndpoint.java: which clients may ask.',
      'keycloak/keycloak 0550db72, docs/…/fine-grain-v2.adoc: the scopes view and manage of clients.',
      'keycloak/keycloak 49821669, docs/…/con-secret-rotation.adoc: two secrets by a client policy.',
      'keycloak/keycloak, issue 32279: a user policy does not find a service account, a role policy does.',
    ],
    unconfirmed: [
      'How long the servers of a cluster take until each has heard of a new client secret.',
      'Versions before 22 refuse in other words: their answers are unknown, and nothing is created.',
      'A client secret that is a reference to a vault of Keycloak: the new one would stand in its place.',
    ],
  },
};
