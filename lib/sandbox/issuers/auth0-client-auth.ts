/** How a simulated Auth0 judges the JWTs of its applications. */
import { MINUTE, SECOND, type Instant } from '../../../functions/core/basics/time.ts';
import { isBoundNow, type Applications, type OwnKey, type StoredCredential } from './auth0-client-keys.ts';
import { isSignedBy, type Assertion } from './client-assertions.ts';
import type { IssuerDelays } from './simulator.ts';

interface About {
  readonly applications: Applications;
  readonly host: string;
  readonly delays: IssuerDelays;
  readonly now: () => Instant;
}

/** Source: auth0.com/docs, "Authenticate with Private Key JWT". */
export class Assertions {
  readonly #about: About;
  readonly #used = new Set<string>();

  constructor(about: About) {
    this.#about = about;
  }

  /** Whether it is taken, and whose key signed it, bound or not. */
  judge(assertion: Assertion | undefined): { readonly isGood: boolean; readonly handle: string | undefined } {
    const { applications } = this.#about;
    const signer =
      assertion &&
      applications
        .all()
        .findLast(({ id, key }) => id === assertion.claims.iss && isSignedBy(assertion, key.numbers));
    if (!assertion || !signer) return { isGood: false, handle: undefined };
    const handle = applications.handleOf(signer.id, signer.key);
    return { isGood: this.#isGood(assertion, signer), handle };
  }

  /** The lifetime is five minutes at most, and each is good for one use. */
  #isGood({ header, claims }: Assertion, { id, key }: OwnKey): boolean {
    const { applications, host, now } = this.#about;
    const { sub, aud, exp, jti } = claims;
    const isOwn = sub === id && applications.accounts.has(id) && aud === `https://${host}/`;
    const isInTime = exp * SECOND > now() && exp * SECOND <= now() + 5 * MINUTE;
    const isNamed = header.kid === undefined || header.kid === key.kid;
    const isNew = jti !== undefined && !this.#used.has(jti);
    if (jti !== undefined) this.#used.add(jti);
    return isOwn && isInTime && isNamed && isNew && this.#accepts(key);
  }

  #accepts(key: StoredCredential): boolean {
    const { propagation = 0, revokeLag = 0 } = this.#about.delays;
    const { boundAt = Infinity, unboundAt = -Infinity } = key;
    const now = this.#about.now();
    return isBoundNow(key) ? now >= boundAt + propagation : now < unboundAt + revokeLag;
  }
}
