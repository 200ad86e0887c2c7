import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** SSH keys that reach one repository. Source: docs.github.com, "Managing deploy keys", "Deploy keys". */
export const descriptor: ProviderDescriptor = {
  id: 'github-deploy-key',
  title: 'GitHub deploy keys',
  rotates:
    'Deploy keys of a repository, at github.com and GitHub Enterprise Server: SSH keys that reach this one ' +
    'repository. Keyturn makes each pair and gives GitHub the public key.',
  // GitHub names no limit.
  slots: { count: 'many', of: ['repository'] },
  value: 'keyturn',
  found: 'value',
  valueField: 'private_key',
  // An RSA key of 2,048 bits in PKCS#8 as PEM has about 1,704.
  longestValue: 1_720,
  // The list shows public keys.
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // GitHub tells a last use, and not how exactly: it is not used.
  // GitHub names no time until a new or deleted key is known everywhere.
  lags: { allowed: MINUTE },
  // A deploy key opens SSH, and nothing else.
  check: 'none',
  concurrency: 1,
  // A private key as PEM (RFC 7468 §10), and the form from before PKCS#8 (RFC 8017).
  pattern: /-----BEGIN (?:RSA )?PRIVATE KEY-----\s[\w+/=\s]+-----END (?:RSA )?PRIVATE KEY-----/,
  hosts: ['api.github.com'],
  docs: 'https://docs.github.com/en/rest/deploy-keys/deploy-keys',
  admin: {
    example: {
      url: 'https://api.github.com',
      appId: 1383744,
      installationId: 61730218,
      private_key_base64: '<private key of the GitHub App, in base64>',
      grants: [
        { secret: 'shop/deploy-key', repository: 'acme/shop', readOnly: true },
        { secret: 'ci/deploy-key', repository: 'acme/site', readOnly: false },
      ],
    },
    leastRights:
      'A private key of a GitHub App of its own with the repository permission Administration: Read and ' +
      'write, and no other. Install it on the repositories of the grants alone. Keyturn asks for each ' +
      'token for one repository alone.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Use a GitHub App: a deploy key that a personal access token created is deleted with that token.',
    'Name the App by its App ID. The installation id is the number at the end of the address of the ' +
      'installation, under Settings, Applications, Configure.',
    'Use an admin secret for each installation. An App that two organizations installed has two.',
    'Say in each grant whether its keys only read (`readOnly: true`) or may write too. There is no ' +
      'default. A key that writes may do what a person who administers the repository may do.',
    'Allow deploy keys in the settings of the organization. New organizations forbid them, and forbidding ' +
      'them disables those that are there.',
    'For GitHub Enterprise Server end the url with `/api/v3`, as in https://github.example.com/api/v3.',
    'Store a key that consumers have already as RSA in PEM. `ssh-keygen -p -m PEM -f FILE` changes a copy ' +
      'of the file. A key of another kind is not recognized: delete it by hand after the first rotation.',
    'Let consumers write the key to a file that only they may read. OpenSSH refuses others.',
    'Let consumers report refused logins: Keyturn cannot ask whether a key is accepted.',
    'After you rename or transfer a repository, delete the keys from before by hand.',
  ],
  evidence: {
    verified:
      "the vendor's specification: github/rest-api-description, as @octokit/openapi 23.0.2 has it, on " +
      '2026-12-01; the public keys against OpenSSH 9.2p1',
    sources: [
      'github/rest-api-description, api.github.com: GET and POST /repos/{owner}/{repo}/keys, DELETE ' +
        '/repos/{owner}/{repo}/keys/{key_id}, POST /app/installations/{installation_id}/access_tokens.',
      'docs.github.com: REST API endpoints for deploy keys. What deletes a key: the end of the personal ' +
        'access token that created it, and not the end of an App.',
      'docs.github.com: Managing your personal access tokens; Restricting deploy keys in your organization.',
      'RFC 4253 §6.6 and RFC 4251 §5: the form of a public key.',
      'ansible-collections/community.general, issue 6718: "key is already in use" for a text that is no ' +
        'key.',
      'peter-murray/workflow-application-token-action, issue 48: the words for a missing permission.',
      'vitodeploy/vito, issue 949, and semaphoreio/semaphore, pull request 217: the answer 422 where ' +
        'deploy keys are forbidden.',
      'octokit/auth-app.js, issue 375, and github/docs, issue 33989: the words for a key that is none of ' +
        'the App.',
    ],
    unconfirmed: [
      'How long a new or deleted key takes until it is known everywhere.',
      'How exactly GitHub tells a last use.',
      'What GitHub refuses to a key that it lists as not verified: Keyturn takes it for a disabled one.',
      'That `enabled` is false for keys that an organization forbids: its documents say that these are ' +
        'disabled.',
      'How many deploy keys a repository may have, and whether titles have to differ: Keyturn gives each ' +
        'the same.',
      'In which words GitHub refuses a token for a repository that the installation does not reach.',
      'That a wrong App ID is refused in the words for a deleted key.',
      'GitHub Enterprise Server was not asked.',
    ],
  },
};
