import { createHash } from 'node:crypto';

/**
 * The last part of a secret's ARN, name and six random characters: unique in an account and Region, readable,
 * rebuilt from the ARN alone.
 */
export function tokenIdOf(secretArn: string): string {
  const id = secretArn.split(':').slice(6).join(':');
  if (!secretArn.startsWith('arn:') || id === '')
    throw new TypeError(`not the ARN of a secret: ${secretArn}`);
  return id;
}

/**
 * The name of a secret: its ARN's last part without the hyphen and six characters that Secrets Manager adds.
 */
export function secretNameOf(secretArn: string): string {
  return nameInTokenId(tokenIdOf(secretArn));
}

/** The same from the last part alone. */
export function nameInTokenId(tokenId: string): string {
  return tokenId.replace(/-[A-Za-z0-9]{6}$/, '');
}

/** The name of the rotation function that secrets of a provider point at. */
export function rotationFunctionOf(installation: string, provider: string): string {
  return `keyturn-${installation}-rotate-${provider}`;
}

/**
 * Whether a function's ARN, a version or alias of it included, is that of the installation's rotation
 * function for a provider.
 */
export function isRotationFunction(
  functionArn: string,
  installation: InstallationScope,
  provider: string,
): boolean {
  const [, , , region, account, , name] = functionArn.split(':');
  return (
    region === installation.region &&
    account === installation.account &&
    name === rotationFunctionOf(installation.name, provider)
  );
}

/** What identifies an installation among all of the world's: two accounts may both name theirs `main`. */
export interface InstallationScope {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

/** The beginning of a hash: tells one text from another, and shows neither. */
export function digestOf(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

/** A number from 0 to less than 1 that is the same for the same text, and spread evenly over many. */
export function fractionOf(text: string): number {
  return Number.parseInt(digestOf(text, 12), 16) / 2 ** 48;
}

/** The prefix of every marker of one token. No credential of another token carries it. */
export function markerPrefix(installation: InstallationScope, secretArn: string): string {
  const scope = [installation.account, installation.region, installation.name].join('/');
  return `keyturn-${digestOf(scope, 10)}-${digestOf(secretArn, 12)}-`;
}

/**
 * The name put on a credential at its issuer. Made of the installation, the secret and the version alone,
 * so that a lost credential is found again, and attributed, without any record of ours.
 */
export function markerOf(installation: InstallationScope, secretArn: string, versionId: string): string {
  return markerPrefix(installation, secretArn) + digestOf(versionId, 16);
}

/**
 * A ClientRequestToken that is the same for the same reason to rotate, so that doubled sweeps collapse into
 * one rotation. A UUID of version 8 (RFC 9562 §5.8), since Secrets Manager asks for 32 to 64 characters and
 * shows them as version ids.
 */
export function requestTokenOf(tokenId: string, reason: string): string {
  const hex = digestOf(`${tokenId}\n${reason}`, 32);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/**
 * The staging label that keeps one version from being dropped until its credential is verified as inactive.
 */
export function pinOf(versionId: string): string {
  return `keyturn-pin-${versionId.slice(0, 36)}`;
}

/**
 * Stands on a version that only shows that the secret can be written, for a moment. Nothing of Keyturn's
 * reads such a version.
 */
export const CANARY_LABEL = 'keyturn-canary';

/**
 * Stands on a version that holds a value which a person created, and nothing else, until a rotation takes it
 * up.
 */
export const SUBMITTED_LABEL = 'keyturn-submitted';

/**
 * Stands on a version of a secret that a value is delivered into, from when it is stored until it is current.
 */
export const DELIVERY_LABEL = 'keyturn-delivery';

export function isPin(label: string): boolean {
  return label.startsWith('keyturn-pin-');
}

/** The staging label that keeps a version which a person staged and no rotation can use. */
export function setAsideOf(versionId: string): string {
  return `keyturn-set-aside-${versionId.slice(0, 36)}`;
}

export function isSetAside(label: string): boolean {
  return label.startsWith('keyturn-set-aside-');
}

const ADMIN_SECRETS = 'keyturn/admin/';

/** The prefix of the admin secrets of a provider: the secret of this name, and any below it. */
export function adminPrefixOf(provider: string): string {
  return ADMIN_SECRETS + provider;
}

/** The provider whose admin credential a secret holds, by its name; undefined for any other secret. */
export function adminSecretOf(name: string): string | undefined {
  return name.startsWith(ADMIN_SECRETS) ? name.slice(ADMIN_SECRETS.length).split('/')[0] : undefined;
}

/**
 * The name of the secret that holds the destinations of one kind of consumer, with their credentials and
 * grants.
 */
export function deliverySecretOf(kind: string): string {
  return `keyturn/delivery/${kind}`;
}
