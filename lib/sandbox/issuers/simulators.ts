import type { Clock } from '../clock.ts';
import { Auth0Simulator } from './auth0.ts';
import { Auth0ClientKeySimulator } from './auth0-client-key.ts';
import { GitlabSimulator } from './gitlab.ts';
import { cloudflareSimulator } from './cloudflare.ts';
import { databricksSimulator } from './databricks.ts';
import { databricksOauthSimulator } from './databricks-oauth.ts';
import { dockerHubSimulator } from './docker-hub.ts';
import { dockerHubOrgSimulator } from './docker-hub-org.ts';
import { giteaSimulator } from './gitea.ts';
import { grafanaSimulator } from './grafana.ts';
import { sendgridSimulator } from './sendgrid.ts';
import { hcpTerraformSimulator } from './hcp-terraform.ts';
import { unleashSimulator } from './unleash.ts';
import { elasticsearchSimulator } from './elasticsearch.ts';
import { AnthropicSimulator } from './anthropic.ts';
import { buildkiteSimulator } from './buildkite.ts';
import { digitaloceanSimulator } from './digitalocean.ts';
import { fastlySimulator } from './fastly.ts';
import { stripeSimulator } from './stripe.ts';
import { githubAppKeySimulator } from './github-app-key.ts';
import { GithubDeployKeySimulator } from './github-deploy-key.ts';
import { githubSimulator } from './github.ts';
import { gitlabDeployTokenSimulator } from './gitlab-deploy-token.ts';
import { twilioSimulator } from './twilio.ts';
import { TwilioAuthTokenSimulator } from './twilio-auth-token.ts';
import { confluentCloudSimulator } from './confluent-cloud.ts';
import { scalewaySimulator } from './scaleway.ts';
import { RabbitmqSimulator } from './rabbitmq.ts';
import { RedisSimulator } from './redis.ts';
import { resendSimulator } from './resend.ts';
import { pagerdutySimulator } from './pagerduty.ts';
import { gitlabRunnerSimulator } from './gitlab-runner.ts';
import { hcpTerraformOrgSimulator } from './hcp-terraform-org.ts';
import { sentrySimulator } from './sentry.ts';
import { sentryIntegrationSimulator } from './sentry-integration.ts';
import { supabaseSimulator } from './supabase.ts';
import { contentfulSimulator } from './contentful.ts';
import { honeycombSimulator } from './honeycomb.ts';
import { pulumiCloudSimulator } from './pulumi-cloud.ts';
import { jupyterhubSimulator } from './jupyterhub.ts';
import { SnowflakeKeySimulator } from './snowflake-key.ts';
import { snowflakePatSimulator } from './snowflake-pat.ts';
import type { IssuerKnobs } from './knobs.ts';
import { NpmRegistrySimulator } from './npm-registry.ts';
import { OktaSimulator } from './okta.ts';
import { OktaClientKeySimulator } from './okta-client-key.ts';
import type { Issuer, IssuerDelays } from './simulator.ts';
import { vercelSimulator } from './vercel.ts';
import { launchdarklySimulator } from './launchdarkly.ts';
import { linodeSimulator } from './linode.ts';
import { KeycloakSimulator } from './keycloak.ts';
import { kubernetesSimulator } from './kubernetes.ts';
import { neonSimulator } from './neon.ts';
import { newRelicSimulator } from './new-relic.ts';
import { ngrokSimulator } from './ngrok.ts';
import { awsIamSimulator } from './aws-iam.ts';
import { googleIamSimulator } from './google-iam.ts';
import { entraSimulator } from './entra.ts';
import { tailscaleSimulator } from './tailscale.ts';
import { datadogSimulator } from './datadog.ts';
import { datadogAppKeySimulator } from './datadog-app-key.ts';
import { openaiSimulator } from './openai.ts';
import { openaiAdminSimulator } from './openai-admin.ts';
import { herokuSimulator } from './heroku.ts';
import { jfrogSimulator } from './jfrog.ts';
import { mailgunSimulator } from './mailgun.ts';
import { mongodbAtlasSimulator } from './mongodb-atlas.ts';
import { synapseSimulator } from './synapse.ts';
import { mongodbAtlasKeySimulator } from './mongodb-atlas-key.ts';
import { vaultApproleSimulator } from './vault-approle.ts';

/** What every simulator takes. */
export interface SimulatorOptions {
  readonly clock: Clock;
  readonly host?: string;
  readonly delays?: IssuerDelays;
  readonly knobs?: IssuerKnobs;
}

/**
 * The simulator of each provider by its id. A test holds the list against the registry of providers: who runs
 * something for all of them reads this.
 */
export const SIMULATORS: ReadonlyMap<string, (options: SimulatorOptions) => Issuer> = new Map([
  ['gitlab', (options: SimulatorOptions): Issuer => new GitlabSimulator(options)],
  ['npm-registry', (options: SimulatorOptions): Issuer => new NpmRegistrySimulator(options)],
  ['okta', (options: SimulatorOptions): Issuer => new OktaSimulator(options)],
  ['auth0-client-key', (options: SimulatorOptions): Issuer => new Auth0ClientKeySimulator(options)],
  ['okta-client-key', (options: SimulatorOptions): Issuer => new OktaClientKeySimulator(options)],
  ['jupyterhub', jupyterhubSimulator],
  ['hcp-terraform', hcpTerraformSimulator],
  ['sendgrid', sendgridSimulator],
  ['grafana', grafanaSimulator],
  ['cloudflare', cloudflareSimulator],
  ['gitea', giteaSimulator],
  ['databricks', databricksSimulator],
  ['databricks-oauth', databricksOauthSimulator],
  ['docker-hub', dockerHubSimulator],
  ['docker-hub-org', dockerHubOrgSimulator],
  ['unleash', unleashSimulator],
  ['elasticsearch', elasticsearchSimulator],
  ['gitlab-deploy-token', gitlabDeployTokenSimulator],
  ['twilio', twilioSimulator],
  ['twilio-auth-token', (options) => new TwilioAuthTokenSimulator(options)],
  ['confluent-cloud', confluentCloudSimulator],
  ['scaleway', scalewaySimulator],
  ['resend', resendSimulator],
  ['honeycomb', honeycombSimulator],
  ['pulumi-cloud', pulumiCloudSimulator],
  ['vercel', vercelSimulator],
  ['launchdarkly', launchdarklySimulator],
  ['linode', linodeSimulator],
  ['kubernetes', kubernetesSimulator],
  ['neon', neonSimulator],
  ['new-relic', newRelicSimulator],
  ['ngrok', ngrokSimulator],
  ['aws-iam', awsIamSimulator],
  ['google-iam', googleIamSimulator],
  ['entra', entraSimulator],
  ['tailscale', tailscaleSimulator],
  ['datadog', datadogSimulator],
  ['datadog-app-key', datadogAppKeySimulator],
  ['openai', openaiSimulator],
  ['openai-admin', openaiAdminSimulator],
  ['heroku', herokuSimulator],
  ['jfrog', jfrogSimulator],
  ['mailgun', mailgunSimulator],
  ['github', githubSimulator],
  ['buildkite', buildkiteSimulator],
  ['fastly', fastlySimulator],
  ['stripe', stripeSimulator],
  ['digitalocean', digitaloceanSimulator],
  ['sentry-integration', sentryIntegrationSimulator],
  ['github-app-key', githubAppKeySimulator],
  ['github-deploy-key', (options: SimulatorOptions): Issuer => new GithubDeployKeySimulator(options)],
  ['anthropic', (options: SimulatorOptions): Issuer => new AnthropicSimulator(options)],
  ['rabbitmq', (options: SimulatorOptions): Issuer => new RabbitmqSimulator(options)],
  ['redis', (options: SimulatorOptions): Issuer => new RedisSimulator(options)],
  ['gitlab-runner', gitlabRunnerSimulator],
  ['hcp-terraform-org', hcpTerraformOrgSimulator],
  ['pagerduty', pagerdutySimulator],
  ['sentry', sentrySimulator],
  ['supabase', supabaseSimulator],
  ['snowflake-pat', snowflakePatSimulator],
  ['snowflake-key', (options: SimulatorOptions): Issuer => new SnowflakeKeySimulator(options)],
  ['contentful', contentfulSimulator],
  ['auth0', (options: SimulatorOptions): Issuer => new Auth0Simulator(options)],
  ['mongodb-atlas', mongodbAtlasSimulator],
  ['mongodb-atlas-key', mongodbAtlasKeySimulator],
  ['vault-approle', vaultApproleSimulator],
  ['synapse', synapseSimulator],
  ['keycloak', (options: SimulatorOptions): Issuer => new KeycloakSimulator(options)],
]);
