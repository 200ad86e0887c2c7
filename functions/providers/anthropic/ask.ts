import type { ProviderTools, Shown } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { httpClient, type HttpClient } from '../http.ts';
import type { HttpRequest } from '../request.ts';
import { probing } from '../verdicts.ts';
import { Models, Refused } from './schema.ts';

/** Source: platform.claude.com, "API overview": authentication, versions. */
export function anthropicRequest(
  key: Secret,
  request: Pick<HttpRequest, 'method' | 'path' | 'query'>,
): HttpRequest {
  return { ...request, headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' } };
}

/** The client of an address at which Anthropic's API is. */
export function clientOf(origin: string, tools: ProviderTools): HttpClient {
  return httpClient({ origin, tools });
}

/** Whose a value is, asked with the value alone. When it ends is told to an admin key only. */
export async function askAnthropic(http: HttpClient, value: Secret): Promise<Shown> {
  const request = anthropicRequest(value, { method: 'GET', path: '/v1/models', query: { limit: '1' } });
  return probing(async () => shownBy(await http.send({ ...request, accept: 'any' })));
}

/**
 * Not listed, so unknown: a value that may not ask, an address that is not let in, a limit, and whatever a
 * gateway says. Every answer names the organization of its key in a header: platform.claude.com, "API
 * overview", response headers.
 */
function shownBy(answer: HttpAnswer): Shown {
  if (answer.status === 401 && answer.read(Refused) !== undefined) return { outcome: 'inactive' };
  const organization = answer.headers.get('anthropic-organization-id');
  if (answer.status !== 200 || answer.read(Models) === undefined || organization === null)
    return {
      outcome: 'unknown',
      reason: `${answer.about} with something that says neither yes nor no to the value.`,
    };
  return {
    outcome: 'active',
    account: `organizations/${organization}`,
    called: `the organization ${organization}`,
  };
}
