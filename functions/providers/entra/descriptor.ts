import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * Passwords (client secrets) of app registrations. Source: learn.microsoft.com, "passwordCredential resource
 * type".
 */
export const descriptor: ProviderDescriptor = {
  id: 'entra',
  title: 'Microsoft Entra application passwords',
  rotates: 'Client secrets of app registrations, which Microsoft Graph calls password credentials.',
  // "No limit" but the size of the application ("Validation differences by supported account types").
  slots: { count: 'many', of: ['application'] },
  value: 'issuer',
  found: 'name',
  valueField: 'client_secret',
  companions: ['client_id'],
  // "16-64 characters in length".
  longestValue: 64,
  // By the first three characters, which the list shows, where no two have the same, and by asking with it.
  identifies: true,
  // `endDateTime`; the admin center offers two years at most.
  expiry: { settable: true, step: 'second', maxDays: 730 },
  // The list tells no last use.
  // Microsoft names no time: users saw 4 to 18 seconds for a new one, and reads that lag for seconds.
  lags: { allowed: 2 * MINUTE },
  // A check is a sign-in of the application, which its sign-in log tells.
  check: 'counts-as-use',
  // All passwords are one property of the application.
  concurrency: 1,
  pattern: /[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}/,
  // Those of the global service, of the two for the US government, and of the one in China.
  hosts: [
    'graph.microsoft.com',
    'login.microsoftonline.com',
    'graph.microsoft.us',
    'dod-graph.microsoft.us',
    'login.microsoftonline.us',
    'microsoftgraph.chinacloudapi.cn',
    'login.partner.microsoftonline.cn',
  ],
  docs: 'https://learn.microsoft.com/en-us/graph/api/application-addpassword',
  admin: {
    example: {
      url: 'https://graph.microsoft.com',
      tenant: '01234567-89ab-4cde-8f01-23456789abcd',
      clientId: '12345678-9abc-4def-8012-3456789abcde',
      clientSecret: '<client secret of the application for Keyturn>',
      grants: [{ secret: 'billing/entra', application: '23456789-abcd-4ef0-8123-456789abcdef', maxDays: 60 }],
    },
    leastRights:
      'An application of its own with the application permission Application.ReadWrite.OwnedBy of ' +
      'Microsoft Graph, consented to by an administrator. It is an owner of the applications in the grants ' +
      'alone.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'First see whether a managed identity or workload identity federation will do: they need no client ' +
      'secrets.',
    'Register an application for Keyturn in the tenant, and add the permission above. Its client secret ' +
      'ends at the date that you choose: replace it before.',
    'Make its service principal an owner of each application in the grants, with Microsoft Graph ' +
      '(`POST /applications/{id}/owners/$ref`).',
    'Name an application by its application (client) id, never by its object id.',
    'Each application needs a service principal in this tenant: a check is its sign-in there.',
    'Keyturn removes passwords of the app registration alone. A service principal can have passwords of ' +
      'its own: create none.',
    'Use the address of your national cloud in url, such as https://graph.microsoft.us. Keyturn logs in at ' +
      'the host that belongs to it: where you list allowed hosts, list both.',
    'An application that lets personal accounts in holds two client secrets at most: leave room for one.',
    'Where a policy of the tenant limits the life of client secrets, name no more days in maxDays.',
    'Count on an hour or more after a client secret was removed: access tokens that it was good for go on ' +
      'until they end.',
  ],
  evidence: {
    verified:
      "the vendor's specification, in a copy: api-evangelist/microsoft-graph 8c4fb5ab, applications, on " +
      '2026-11-29; the login is in the documentation alone, and refusals are from answers that users report',
    sources: [
      'api-evangelist/microsoft-graph 8c4fb5ab: openapi/_original/applications-openapi-original.yml',
      'learn.microsoft.com: application addPassword, removePassword, get, post-owners; passwordCredential',
      'learn.microsoft.com: OAuth 2.0 client credentials flow; national cloud deployments; validation ' +
        'differences by supported account types; add an owner to an application using Microsoft Graph',
      'dotnet/sign, issue 849; liprec/vsts-release-aas, issue 119; MicrosoftDocs/azure-docs, issue 33356: ' +
        'refusals of client secrets',
      'microsoftgraph/microsoft-graph-docs, issue 17966: how long a new one is refused',
      'hashicorp/vault-plugin-secrets-azure: the answer about a password that is gone',
    ],
    unconfirmed: [
      'Microsoft says that codes and words of refusals change: then a refused value is unknown, never ' +
        'inactive.',
      'How long a new password is refused or missing from the list, and how long a removed one is accepted.',
      'Right after a creation Microsoft Graph may not find the password, and the list may lack it. A ' +
        'removal is proven by a refusal of the value as well.',
      'The longest display name: that of keys is 90 characters, and those of Keyturn are shorter.',
      'Whether a conditional access policy answers before the client secret is looked at: that is unknown.',
      'The start of a password stands for the time of its creation, which is so where none is asked for.',
      'The sentences of refusals in national clouds.',
    ],
  },
};
