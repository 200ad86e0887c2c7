/** How a simulated Okta authenticates clients with keys. */
import { HOUR, SECOND, type Instant } from '../../../functions/core/basics/time.ts';
import { isSignedBy, type Assertion } from './client-assertions.ts';
import { oauthError, unknownClient } from './okta-answers.ts';
import type { Client, Clients, StoredKey } from './okta-client-keys.ts';
import type { IssuerDelays } from './simulator.ts';

/** Who asks, or why it is not answered. */
export interface Asking {
  readonly refusal?: Response;
  readonly handle: string | undefined;
}

/** What it looks at. */
interface About {
  readonly clients: Clients;
  readonly delays: IssuerDelays | undefined;
  readonly now: () => Instant;
}

export class ClientAuthentication {
  readonly #about: About;
  readonly #used = new Set<string>();

  constructor(about: About) {
    this.#about = about;
  }

  /** Each JWT with a `jti` is good for one use. */
  authenticate(assertion: Assertion | undefined, url: string, pathname: string): Asking {
    if (!assertion) return refused('No client credentials found.', undefined);
    const { claims } = assertion;
    const client = this.#about.clients.find(claims.iss);
    if (!client || claims.sub !== claims.iss) return { refusal: unknownClient(pathname), handle: undefined };
    const handle = this.#signer(client, assertion);
    const fault = this.#faultOf(claims, url) ?? this.#keyFault(client, assertion);
    if (fault !== undefined) return refused(fault, handle);
    if (claims.jti !== undefined) this.#used.add(claims.jti);
    return { handle };
  }

  /** Which key signed it, accepted or not. */
  #signer(client: Client, assertion: Assertion): string | undefined {
    const key = client.keys.findLast(({ numbers }) => isSignedBy(assertion, numbers));
    return key && this.#about.clients.handleOf(client, key);
  }

  /**
   * Sources: a recorded answer (department-of-veterans-affairs/vets-api, invalid_assertion_401) for the
   * audience; the workshop of okta/terraform-provider-okta's users for the end. The other words are not
   * documented.
   */
  #faultOf({ aud, exp, jti }: Assertion['claims'], url: string): string | undefined {
    if (aud !== url)
      return 'The audience claim for client_assertion must be the endpoint invoked for the request.';
    if (exp * SECOND <= this.#about.now()) return 'The client_assertion token is expired.';
    if (exp * SECOND > this.#about.now() + HOUR)
      return 'The client_assertion token has an expiration too far into the future.';
    return jti !== undefined && this.#used.has(jti)
      ? 'The client_assertion token was used before.'
      : undefined;
  }

  /**
   * A kid that fits no active key, and one that is left out where there are several, are refused alike.
   * Source: support.okta.com, "Okta Client Assertion "Error: Invalid Key ID"", and "Creating a Private Key
   * JWT when a Client Has Multiple Public/Private Key Pairs".
   */
  #keyFault({ keys }: Client, assertion: Assertion): string | undefined {
    const accepted = keys.filter((key) => this.#accepts(key));
    const { kid } = assertion.header;
    const [key, another] = kid === undefined ? accepted : accepted.filter((one) => one.kid === kid);
    if (!key || another) return 'The client_assertion JWT kid is invalid.';
    return isSignedBy(assertion, key.numbers) ? undefined : 'The client_assertion signature is invalid.';
  }

  #accepts({ status, createdAt, updatedAt }: StoredKey): boolean {
    const { propagation = 0, revokeLag = 0 } = this.#about.delays ?? {};
    const now = this.#about.now();
    return status === 'ACTIVE' ? now >= createdAt + propagation : now < updatedAt + revokeLag;
  }
}

function refused(description: string, handle: string | undefined): Asking {
  return { refusal: oauthError(401, 'invalid_client', description), handle };
}
