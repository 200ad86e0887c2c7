import type { ProviderDescriptor } from '../core/issuer/provider-descriptor.ts';
import { descriptor as auth0 } from './auth0/descriptor.ts';
import { descriptor as auth0ClientKey } from './auth0-client-key/descriptor.ts';
import { descriptor as gitlab } from './gitlab/descriptor.ts';
import { descriptor as cloudflare } from './cloudflare/descriptor.ts';
import { descriptor as databricks } from './databricks/descriptor.ts';
import { descriptor as databricksOauth } from './databricks-oauth/descriptor.ts';
import { descriptor as dockerHub } from './docker-hub/descriptor.ts';
import { descriptor as dockerHubOrg } from './docker-hub-org/descriptor.ts';
import { descriptor as anthropic } from './anthropic/descriptor.ts';
import { descriptor as buildkite } from './buildkite/descriptor.ts';
import { descriptor as digitalocean } from './digitalocean/descriptor.ts';
import { descriptor as fastly } from './fastly/descriptor.ts';
import { descriptor as stripe } from './stripe/descriptor.ts';
import { descriptor as githubAppKey } from './github-app-key/descriptor.ts';
import { descriptor as githubDeployKey } from './github-deploy-key/descriptor.ts';
import { descriptor as github } from './github/descriptor.ts';
import { descriptor as gitea } from './gitea/descriptor.ts';
import { descriptor as grafana } from './grafana/descriptor.ts';
import { descriptor as sendgrid } from './sendgrid/descriptor.ts';
import { descriptor as gitlabRunner } from './gitlab-runner/descriptor.ts';
import { descriptor as hcpTerraformOrg } from './hcp-terraform-org/descriptor.ts';
import { descriptor as hcpTerraform } from './hcp-terraform/descriptor.ts';
import { descriptor as unleash } from './unleash/descriptor.ts';
import { descriptor as elasticsearch } from './elasticsearch/descriptor.ts';
import { descriptor as gitlabDeployToken } from './gitlab-deploy-token/descriptor.ts';
import { descriptor as twilio } from './twilio/descriptor.ts';
import { descriptor as twilioAuthToken } from './twilio-auth-token/descriptor.ts';
import { descriptor as confluentCloud } from './confluent-cloud/descriptor.ts';
import { descriptor as scaleway } from './scaleway/descriptor.ts';
import { descriptor as rabbitmq } from './rabbitmq/descriptor.ts';
import { descriptor as redis } from './redis/descriptor.ts';
import { descriptor as resend } from './resend/descriptor.ts';
import { descriptor as pagerduty } from './pagerduty/descriptor.ts';
import { descriptor as sentry } from './sentry/descriptor.ts';
import { descriptor as sentryIntegration } from './sentry-integration/descriptor.ts';
import { descriptor as supabase } from './supabase/descriptor.ts';
import { descriptor as contentful } from './contentful/descriptor.ts';
import { descriptor as honeycomb } from './honeycomb/descriptor.ts';
import { descriptor as pulumiCloud } from './pulumi-cloud/descriptor.ts';
import { descriptor as jupyterhub } from './jupyterhub/descriptor.ts';
import { descriptor as snowflakeKey } from './snowflake-key/descriptor.ts';
import { descriptor as snowflakePat } from './snowflake-pat/descriptor.ts';
import { descriptor as npmRegistry } from './npm-registry/descriptor.ts';
import { descriptor as okta } from './okta/descriptor.ts';
import { descriptor as oktaClientKey } from './okta-client-key/descriptor.ts';
import { descriptor as vercel } from './vercel/descriptor.ts';
import { descriptor as launchdarkly } from './launchdarkly/descriptor.ts';
import { descriptor as linode } from './linode/descriptor.ts';
import { descriptor as kubernetes } from './kubernetes/descriptor.ts';
import { descriptor as neon } from './neon/descriptor.ts';
import { descriptor as newRelic } from './new-relic/descriptor.ts';
import { descriptor as ngrok } from './ngrok/descriptor.ts';
import { descriptor as awsIam } from './aws-iam/descriptor.ts';
import { descriptor as googleIam } from './google-iam/descriptor.ts';
import { descriptor as entra } from './entra/descriptor.ts';
import { descriptor as tailscale } from './tailscale/descriptor.ts';
import { descriptor as datadog } from './datadog/descriptor.ts';
import { descriptor as datadogAppKey } from './datadog-app-key/descriptor.ts';
import { descriptor as openai } from './openai/descriptor.ts';
import { descriptor as openaiAdmin } from './openai-admin/descriptor.ts';
import { descriptor as heroku } from './heroku/descriptor.ts';
import { descriptor as jfrog } from './jfrog/descriptor.ts';
import { descriptor as mailgun } from './mailgun/descriptor.ts';
import { descriptor as keycloak } from './keycloak/descriptor.ts';
import { descriptor as mongodbAtlas } from './mongodb-atlas/descriptor.ts';
import { descriptor as synapse } from './synapse/descriptor.ts';
import { descriptor as mongodbAtlasKey } from './mongodb-atlas-key/descriptor.ts';
import { descriptor as vaultApprole } from './vault-approle/descriptor.ts';

/** What every provider declares of itself: data alone, for the stack, the checks and the docs. */
export const DESCRIPTORS: readonly ProviderDescriptor[] = [
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
];
