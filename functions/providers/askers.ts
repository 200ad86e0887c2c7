import type { ProviderTools, Shown } from '../core/issuer/provider.ts';
import type { Secret } from '../core/basics/secret.ts';
import { askAnthropic, clientOf as anthropicAt } from './anthropic/ask.ts';
import { askGithub, clientOf } from './github/ask.ts';

/** Asks an issuer about a value, with the value alone. Does not throw for an issuer that is down. */
export type Asker = (value: Secret, tools: ProviderTools) => Promise<Shown>;

/**
 * How each issuer whose values people create is asked before one is submitted: at the vendor's own host,
 * whatever an admin secret or a record says.
 */
export const ASKERS: ReadonlyMap<string, Asker> = new Map<string, Asker>([
  ['anthropic', (value, tools) => askAnthropic(anthropicAt('https://api.anthropic.com', tools), value)],
  ['github', (value, tools) => askGithub(clientOf('https://api.github.com', tools), value)],
]);
