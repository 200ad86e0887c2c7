import type { ProviderTools } from '../../core/issuer/provider.ts';
import { httpClient, type HttpClient } from '../http.ts';
import type { Declaration } from './declaration.ts';

type Answers = Pick<Declaration<never, never, never>, 'dialect' | 'safe' | 'parse'>;

/** How the issuer of a declaration is reached at an origin, and its answers are read. */
export function clientsOf(is: Answers): (origin: string, tools: ProviderTools) => HttpClient {
  return (origin, tools) =>
    httpClient({
      origin,
      tools,
      ...(is.dialect && { dialect: is.dialect }),
      ...(is.safe && { safe: is.safe }),
      ...(is.parse && { parse: is.parse }),
    });
}
