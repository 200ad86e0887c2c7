import { KeyturnError } from '../core/basics/errors.ts';
import type { Provider } from '../core/issuer/provider.ts';
import { auth0 } from './auth0/index.ts';
import { auth0ClientKey } from './auth0-client-key/index.ts';
import { gitlab } from './gitlab/index.ts';
import { cloudflare } from './cloudflare/index.ts';
import { databricks } from './databricks/index.ts';
import { databricksOauth } from './databricks-oauth/index.ts';
import { dockerHub } from './docker-hub/index.ts';
import { dockerHubOrg } from './docker-hub-org/index.ts';
import { anthropic } from './anthropic/index.ts';
import { buildkite } from './buildkite/index.ts';
import { digitalocean } from './digitalocean/index.ts';
import { fastly } from './fastly/index.ts';
import { stripe } from './stripe/index.ts';
import { github } from './github/index.ts';
import { gitea } from './gitea/index.ts';
import { grafana } from './grafana/index.ts';
import { sendgrid } from './sendgrid/index.ts';
import { gitlabRunner } from './gitlab-runner/index.ts';
import { hcpTerraformOrg } from './hcp-terraform-org/index.ts';
import { hcpTerraform } from './hcp-terraform/index.ts';
import { unleash } from './unleash/index.ts';
import { elasticsearch } from './elasticsearch/index.ts';
import { gitlabDeployToken } from './gitlab-deploy-token/index.ts';
import { twilio } from './twilio/index.ts';
import { twilioAuthToken } from './twilio-auth-token/index.ts';
import { confluentCloud } from './confluent-cloud/index.ts';
import { scaleway } from './scaleway/index.ts';
import { rabbitmq } from './rabbitmq/index.ts';
import { redis } from './redis/index.ts';
import { resend } from './resend/index.ts';
import { pagerduty } from './pagerduty/index.ts';
import { sentry } from './sentry/index.ts';
import { sentryIntegration } from './sentry-integration/index.ts';
import { githubAppKey } from './github-app-key/index.ts';
import { githubDeployKey } from './github-deploy-key/index.ts';
import { supabase } from './supabase/index.ts';
import { contentful } from './contentful/index.ts';
import { honeycomb } from './honeycomb/index.ts';
import { pulumiCloud } from './pulumi-cloud/index.ts';
import { jupyterhub } from './jupyterhub/index.ts';
import { npmRegistry } from './npm-registry/index.ts';
import { okta } from './okta/index.ts';
import { oktaClientKey } from './okta-client-key/index.ts';
import { vercel } from './vercel/index.ts';
import { launchdarkly } from './launchdarkly/index.ts';
import { linode } from './linode/index.ts';
import { kubernetes } from './kubernetes/index.ts';
import { neon } from './neon/index.ts';
import { newRelic } from './new-relic/index.ts';
import { ngrok } from './ngrok/index.ts';
import { awsIam } from './aws-iam/index.ts';
import { googleIam } from './google-iam/index.ts';
import { entra } from './entra/index.ts';
import { tailscale } from './tailscale/index.ts';
import { datadog } from './datadog/index.ts';
import { datadogAppKey } from './datadog-app-key/index.ts';
import { openai } from './openai/index.ts';
import { openaiAdmin } from './openai-admin/index.ts';
import { heroku } from './heroku/index.ts';
import { jfrog } from './jfrog/index.ts';
import { mailgun } from './mailgun/index.ts';
import { keycloak } from './keycloak/index.ts';
import { mongodbAtlas } from './mongodb-atlas/index.ts';
import { synapse } from './synapse/index.ts';
import { mongodbAtlasKey } from './mongodb-atlas-key/index.ts';
import { vaultApprole } from './vault-approle/index.ts';
import { snowflakeKey } from './snowflake-key/index.ts';
import { snowflakePat } from './snowflake-pat/index.ts';

/** Every provider by its id. A test holds the list against the folders beside this file. */
export const PROVIDERS: ReadonlyMap<string, Provider> = new Map(
  [
    gitlab,
    npmRegistry,
    okta,
    oktaClientKey,
    jupyterhub,
    grafana,
    cloudflare,
    sendgrid,
    hcpTerraform,
    gitea,
    databricks,
    databricksOauth,
    dockerHub,
    dockerHubOrg,
    unleash,
    elasticsearch,
    gitlabDeployToken,
    twilio,
    twilioAuthToken,
    confluentCloud,
    scaleway,
    resend,
    honeycomb,
    pulumiCloud,
    vercel,
    launchdarkly,
    linode,
    kubernetes,
    neon,
    newRelic,
    ngrok,
    awsIam,
    googleIam,
    entra,
    tailscale,
    datadog,
    datadogAppKey,
    openai,
    openaiAdmin,
    heroku,
    jfrog,
    mailgun,
    github,
    buildkite,
    fastly,
    stripe,
    digitalocean,
    sentryIntegration,
    githubAppKey,
    githubDeployKey,
    anthropic,
    rabbitmq,
    redis,
    auth0,
    auth0ClientKey,
    gitlabRunner,
    hcpTerraformOrg,
    sentry,
    supabase,
    snowflakePat,
    snowflakeKey,
    contentful,
    pagerduty,
    mongodbAtlas,
    mongodbAtlasKey,
    vaultApprole,
    synapse,
    keycloak,
  ].map((provider) => [provider.descriptor.id, provider]),
);

/** Error: `provider-unknown` names the ids there are. */
export function providerOf(id: string): Provider {
  const provider = PROVIDERS.get(id);
  if (provider) return provider;
  throw new KeyturnError(
    'provider-unknown',
    `There is no issuer "${id}": use one of ${[...PROVIDERS.keys()].join(', ')}.`,
  );
}
