import type { Issuer } from '../issuers/simulator.ts';

/** The issuer that runs for a provider. Error: none does. */
export function issuerFor(issuers: readonly Issuer[], provider: string | undefined): Issuer {
  const issuer = issuers.find((one) => one.provider === provider);
  if (issuer) return issuer;
  throw new Error(`No issuer runs for ${provider ?? 'a secret that is not in the cast'}.`);
}
