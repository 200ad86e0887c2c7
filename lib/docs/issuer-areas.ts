// What the issuers are for: the README groups their names by it.

/** Each area with the ids of its issuers. Every issuer has one. */
export const AREAS: Readonly<Record<string, readonly string[]>> = {
  'Code and delivery': [
    'buildkite',
    'docker-hub',
    'docker-hub-org',
    'gitea',
    'github',
    'github-app-key',
    'github-deploy-key',
    'gitlab',
    'gitlab-deploy-token',
    'gitlab-runner',
    'hcp-terraform',
    'hcp-terraform-org',
    'jfrog',
    'npm-registry',
    'pulumi-cloud',
  ],
  'Clouds and hosting': [
    'aws-iam',
    'cloudflare',
    'digitalocean',
    'fastly',
    'google-iam',
    'heroku',
    'kubernetes',
    'linode',
    'scaleway',
    'vercel',
  ],
  'Identity and networks': [
    'auth0',
    'auth0-client-key',
    'entra',
    'keycloak',
    'ngrok',
    'okta',
    'okta-client-key',
    'tailscale',
    'vault-approle',
  ],
  'Observability and on-call': [
    'datadog',
    'datadog-app-key',
    'elasticsearch',
    'grafana',
    'honeycomb',
    'new-relic',
    'pagerduty',
    'sentry',
    'sentry-integration',
  ],
  Data: [
    'confluent-cloud',
    'databricks',
    'databricks-oauth',
    'jupyterhub',
    'mongodb-atlas',
    'mongodb-atlas-key',
    'neon',
    'redis',
    'snowflake-key',
    'snowflake-pat',
    'supabase',
  ],
  'Messages and payments': [
    'mailgun',
    'rabbitmq',
    'resend',
    'sendgrid',
    'stripe',
    'synapse',
    'twilio',
    'twilio-auth-token',
  ],
  'Content and features': ['contentful', 'launchdarkly', 'unleash'],
  'Language models': ['anthropic', 'openai', 'openai-admin'],
};

/** An issuer by its id and its name. */
interface Named {
  readonly id: string;
  readonly title: string;
}

/** The issuers of each area, by name. Error: an issuer that is in no area or in two, or an id of none. */
export function byArea<T extends Named>(issuers: readonly T[]): readonly (readonly [string, readonly T[]])[] {
  const ids = Object.values(AREAS).flat();
  const wrong = [
    ...issuers.map(({ id }) => id).filter((id) => ids.filter((one) => one === id).length !== 1),
    ...ids.filter((id) => !issuers.some((one) => one.id === id)),
  ];
  if (wrong.length > 0) throw new Error(`Not in one area of lib/docs/issuer-areas.ts: ${wrong.join(', ')}.`);
  return Object.entries(AREAS).map(
    ([area, own]) =>
      [
        area,
        issuers
          .filter(({ id }) => own.includes(id))
          .toSorted((one, other) => one.title.localeCompare(other.title, 'en')),
      ] as const,
  );
}
