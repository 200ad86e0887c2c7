// The issuer that a token names: whether there is one, and whether its installation deploys it.
import type { Construct } from 'constructs';
import { isOwnId } from '../../../functions/core/issuer/own-issuers.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { SettingsError } from '../settings.ts';
import { Keyturn } from './keyturn.ts';

interface OfIssuer {
  readonly issuer: string;
  readonly installation?: string;
}

/**
 * A token of an installation in the same app, which does not deploy its issuer, would never be rotated: what
 * is known at synth is refused there. Of others the next pass of reconcile opens a finding.
 */
export function refuseUndeployed(token: Construct, { issuer, installation = 'main' }: OfIssuer): void {
  token.node.addValidation({
    validate() {
      const deployed = installationOf(token, installation);
      if (deployed && !deployed.providers.has(issuer))
        throw new SettingsError(
          `${token.node.path} names the issuer ${issuer}, which the installation ${installation} does not ` +
            `deploy: add "${issuer}": {} to its issuers, or retire the token and take it out.`,
        );
      return [];
    },
  });
}

function installationOf(token: Construct, name: string): Keyturn | undefined {
  return token.node.root.node
    .findAll()
    .filter((one) => one instanceof Keyturn)
    .find(({ settings }) => settings.installation === name);
}

/** The facts of an issuer of the user's own are known where its installation is in the same app already. */
export function issuerOf(
  token: Construct,
  { issuer, installation = 'main' }: OfIssuer,
): ProviderDescriptor | undefined {
  return (
    DESCRIPTORS.find(({ id }) => id === issuer) ??
    installationOf(token, installation)?.foundation.own.descriptors.find(({ id }) => id === issuer)
  );
}

/** Error: {@link SettingsError} for one that there is not. */
export function checkIssuer(issuer: string): void {
  const known = DESCRIPTORS.map((descriptor) => descriptor.id);
  if (isOwnId(issuer)) return;
  if (!known.includes(issuer))
    throw new SettingsError(`issuer is ${JSON.stringify(issuer)}: write one of ${known.join(', ')}.`);
}
