/** What an HTTP client of a provider is made with. */
import type { ProviderTools } from '../core/issuer/provider.ts';
import type { Millis } from '../core/basics/time.ts';
import type { Dialect } from './dialect.ts';
import type { SafeReason } from './safe-reasons.ts';

/** The origin of the issuer, and how requests to it are sent. */
export interface HttpOptions {
  /**
   * The only place that requests go to, from `IssuerUrl` or `IssuerRoot`.
   * An origin such as `https://gitlab.example.com`, with a base path or without.
   */
  readonly origin: string;
  readonly tools: ProviderTools;
  readonly dialect?: Dialect;
  /** What the text of an answer says, undefined where it says nothing; by default what it says as JSON. */
  readonly parse?: (text: string) => unknown;
  /** What the credential is called in errors; `admin credential` by default. */
  readonly credential?: string;
  /** The longest one try may take, its body included. */
  readonly timeout?: Millis;
  /** How often a request that may be repeated is sent in all. */
  readonly tries?: number;
  /** A longer wait than this, if the issuer asks for it, is an error at once: a function's time is short. */
  readonly longestWait?: Millis;
  /** The issuer's own sentences that may stand in errors; all else of an answer stays out of them. */
  readonly safe?: readonly SafeReason[];
}
