import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * Private keys of GitHub Apps, which only people create and delete. Source: docs.github.com, "Managing
 * private keys for GitHub Apps".
 */
export const descriptor: ProviderDescriptor = {
  id: 'github-app-key',
  title: 'GitHub App private keys',
  rotates:
    'Private keys of GitHub Apps of github.com. A person creates each new one in the settings of the App, ' +
    'as GitHub has no API for that, and deletes the old one there; Keyturn does the rest.',
  // "You can create up to 25 private keys for an app."
  slots: { count: 25, of: ['application'] },
  value: 'person',
  found: 'never',
  // The file that GitHub gives, in base64 on one line.
  valueField: 'private_key_base64',
  identifies: true,
  // "Private keys do not expire."
  expiry: { settable: false, step: 'none' },
  // GitHub names no time until a new or deleted key is known everywhere.
  lags: { allowed: 5 * MINUTE },
  // Whether the settings show a last use stands nowhere.
  check: 'counts-as-use',
  concurrency: 1,
  // The first line of PKCS#1, which GitHub gives, and of PKCS#8, into which some libraries want it changed.
  pattern:
    /\bLS0tLS1CRUdJTiB(?:SU0EgUFJJVkFURSBLRVktLS0tLQ|QUklWQVRFIEtFWS0tLS0tC)[A-Za-z0-9+/]{200,8000}={0,2}/,
  docs: 'https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/managing-private-keys-for-github-apps',
  hosts: ['api.github.com'],
  admin: {
    example: {
      url: 'https://api.github.com',
      grants: [{ secret: 'ci/github-app', appId: 1383744 }],
    },
    leastRights:
      'It holds no credential: it says which App each secret is for, by the App ID that its settings show.',
    successor: 'by-hand',
    values: 'issued',
  },
  byPerson: {
    link: 'https://github.com/settings/apps',
    steps: [
      'Open https://github.com/settings/apps as the owner of the App. For one of an organization, open ' +
        'Settings, Developer settings, GitHub Apps of the organization.',
      'Press Edit next to the App that the grant names.',
      'Press Generate a private key under Private keys. The browser saves a file that ends in .pem.',
      'Pipe the file in base64, on one line, to `keyturn rotate TOKEN --value-stdin`. `base64 -w0 FILE` ' +
        'prints it so on Linux, `base64 -i FILE` on macOS.',
      'Where GitHub is said to reject the new key, do that again some minutes later.',
      'Delete the file.',
    ],
    revocation: {
      link: 'https://github.com/settings/apps',
      steps: [
        'Open https://github.com/settings/apps as the owner of the App, and press Edit next to it. For one ' +
          'of an organization, open Settings, Developer settings, GitHub Apps of the organization.',
        'Make the fingerprint of the old key, which is in an earlier version of the secret. The page of ' +
          'GitHub about private keys shows the command.',
        'Find that fingerprint under Private keys, press Delete beside it, and confirm.',
      ],
    },
  },
  manualSteps: [
    'Name the App by its App ID, a number, not by its client ID.',
    'Store a key as its file in base64, on one line. Consumers decode it.',
    'Report a leaked key to Keyturn in this form too: the file itself is not known to be one of its values.',
    'Set no maxLifetime in the policy: a private key never expires.',
    'Create a key for each secret. All keys of an App may do the same.',
    'Count on an hour more after a key was deleted: installation tokens that were made with it go on until ' +
      'then.',
  ],
  evidence: {
    verified:
      "the vendor's specification: github/rest-api-description, as @octokit/openapi 23.0.2 has it, on " +
      '2026-11-30; the signature and the words of a refusal are in documentation and issues alone',
    sources: [
      'github/rest-api-description, api.github.com: GET /app, GET /rate_limit; POST ' +
        '/app/installations/{installation_id}/access_tokens, whose tokens last an hour.',
      'github/docs 02ac71cd: Managing private keys for GitHub Apps. 25 keys, no expiry, PKCS#1.',
      'github/docs 1699753e: Generating a JSON Web Token (JWT) for a GitHub App.',
      'octokit/auth-app.js, issue 375, and actions/create-github-app-token, issue 153: the words for a key ' +
        'that is none of the App; github/docs, issue 33989: the whole answer.',
      'octokit/auth-app.js 010203fa, test/index.test.ts: the words for a wrong time are others.',
    ],
    unconfirmed: [
      'That a deleted key is refused in the words for a key that the App never had: GitHub documents no ' +
        'words for either.',
      'How long a new key is still refused, and a deleted one still accepted.',
      'Whether the settings of an App show when a key was last used.',
      'Whether GitHub refuses a good key in these words for a moment, as some users suspect: a refusal ' +
        'counts when it comes twice, at least ten minutes apart.',
      'GitHub Enterprise Server was not looked at.',
    ],
  },
};
