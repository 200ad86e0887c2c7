import type { ProviderTools, Shown } from '../core/issuer/provider.ts';
import type { Secret } from '../core/basics/secret.ts';
import { askAnthropic, clientOf } from './anthropic/ask.ts';
import { buildkite } from './buildkite/index.ts';
import { digitalocean } from './digitalocean/index.ts';
import { fastly } from './fastly/index.ts';
import { githubAppKey } from './github-app-key/index.ts';
import { github } from './github/index.ts';
import { sentryIntegration } from './sentry-integration/index.ts';
import { stripe } from './stripe/index.ts';

/**
 * Asks an issuer about a value, with the value alone. `account`: whose it has to be, where that is known;
 * some issuers are asked as that account. Does not throw for an issuer that is down.
 */
export type Asker = (value: Secret, tools: ProviderTools, account?: string) => Promise<Shown>;

/**
 * How each issuer whose values people create is asked before one is submitted: at the vendor's own host,
 * whatever an admin secret or a record says.
 */
export const ASKERS: ReadonlyMap<string, Asker> = new Map<string, Asker>([
  ['anthropic', (value, tools) => askAnthropic(clientOf('https://api.anthropic.com', tools), value)],
  ...[github, buildkite, fastly, stripe, digitalocean, sentryIntegration, githubAppKey].map(
    ({ descriptor, ask }) => [descriptor.id, ask] as const,
  ),
]);
