import { KeyturnError } from '../core/basics/errors.ts';
import type { Issuers } from '../core/ports/issuers.ts';
import type { AdminLabel, SecretStore } from '../core/ports/secret-store.ts';
import type { Provider, ProviderTools } from '../core/issuer/provider.ts';
import type { Secret } from '../core/basics/secret.ts';
import { IssuerClocks } from './issuer-clocks.ts';

interface IssuerSettings {
  /** The providers this function may open. */
  readonly providers: readonly Provider[];
  readonly secrets: Pick<SecretStore, 'readAdmin'>;
  /** The provider's default admin secret; others are named below it. */
  readonly adminPrefix: string;
  readonly tools: ProviderTools;
  /** The guard that `tools.fetch` asks before each request. Error: `host-unconfirmed`. */
  readonly guard: (host: string) => Promise<void>;
}

/**
 * Opens issuers with admin secrets below one prefix. Errors: `provider-unknown`, `tag-invalid`, and those of
 * reading and opening the admin secret.
 */
export function issuers({ providers, secrets, adminPrefix, tools: given, guard }: IssuerSettings): Issuers {
  const clocks = new IssuerClocks(given);
  const { tools } = clocks;

  function provider(id: string): Provider {
    const found = providers.find(({ descriptor }) => descriptor.id === id);
    if (found) return found;
    throw new KeyturnError('provider-unknown', `This function does not serve the issuer ${id}.`);
  }

  function isAdminSecret(name: string): boolean {
    return name === adminPrefix || name.startsWith(`${adminPrefix}/`);
  }

  /**
   * The name comes from a tag, which a token's owner may write: nothing outside the prefix is ever read for
   * it.
   */
  function adminName(token: { name: string; admin?: string | undefined }): string {
    const name = token.admin ?? adminPrefix;
    if (isAdminSecret(name)) return name;
    throw new KeyturnError(
      'tag-invalid',
      `The tag keyturn:admin of the secret ${token.name} must name ${adminPrefix} or a secret below ` +
        `${adminPrefix}/.`,
    );
  }

  async function adminText(id: string, name: string, label: AdminLabel | undefined): Promise<Secret> {
    if (isAdminSecret(name)) return secrets.readAdmin(name, label);
    throw new KeyturnError('bad-request', `${name} is no admin secret of ${id}.`);
  }

  return {
    provider,
    async open(token, admin) {
      const chosen = provider(token.provider);
      return chosen.open(admin ?? (await secrets.readAdmin(adminName(token))), token.name, tools);
    },
    async openAt(token, reach, admin) {
      const chosen = provider(token.provider);
      return chosen.openAt(admin ?? (await secrets.readAdmin(adminName(token))), token.name, reach, tools);
    },
    async openBeside(token, beside) {
      const chosen = provider(token.provider);
      return chosen.openBeside(await secrets.readAdmin(adminName(token)), token.name, beside, tools);
    },
    async examine(id, name, label) {
      const chosen = provider(id);
      return chosen.examine(await adminText(id, name, label), tools);
    },
    async adminValues(id, name, label) {
      const chosen = provider(id);
      return chosen.adminValues(await adminText(id, name, label));
    },
    requireTrusted: (host) => guard(host),
    clockOf: (host, since) => clocks.clockOf(host, since),
  };
}
