import type { Aws } from '../aws/aws.ts';
import { deliverySecretOf } from '../../../functions/core/basics/names.ts';
import type { Destination } from '../destinations/index.ts';
import type { Issuer } from '../issuers/simulator.ts';

/**
 * Keeps the admin secrets of the issuers: which token secrets each may be given a credential for; and the
 * delivery secrets, which let the same tokens go to every destination.
 */
export class AdminSecrets {
  readonly #aws: Aws;
  readonly #issuers: readonly Issuer[];
  readonly #destinations: readonly Destination[];
  #isDelivering = false;
  readonly #granted = new Map<string, Set<string>>();

  constructor(aws: Aws, issuers: readonly Issuer[], destinations: readonly Destination[] = []) {
    this.#aws = aws;
    this.#issuers = issuers;
    this.#destinations = destinations;
  }

  /**
   * Grants secrets a resource of their own at a provider's issuer. Errors: when no issuer of the provider
   * runs.
   */
  async grant(provider: string, secretNames: readonly string[]): Promise<void> {
    const issuer = this.#issuers.find((candidate) => candidate.provider === provider);
    if (!issuer)
      throw new Error(
        `No issuer ${provider} runs in this sandbox: there are ` +
          `${this.#issuers.map((one) => one.provider).join(', ')}.`,
      );
    const known = this.#granted.get(provider);
    const names = new Set([...(known ?? []), ...secretNames]);
    this.#granted.set(provider, names);
    const text = issuer.adminSecret([...names]);
    await (known
      ? this.#call('PutSecretValue', { SecretId: adminName(provider), SecretString: text })
      : this.create(adminName(provider), text));
    await this.#grantDeliveries();
  }

  async #grantDeliveries(): Promise<void> {
    const secrets = [...this.#granted.values()].flatMap((names) => [...names]);
    if (secrets.length === 0) return;
    for (const one of this.#destinations) {
      const text = one.deliverySecret(secrets.map((secret) => ({ secret, target: one.target })));
      await (this.#isDelivering
        ? this.#call('PutSecretValue', { SecretId: deliverySecretOf(one.kind), SecretString: text })
        : this.create(deliverySecretOf(one.kind), text));
    }
    this.#isDelivering = true;
  }

  async create(name: string, text: string): Promise<void> {
    await this.#call('CreateSecret', { Name: name, SecretString: text });
  }

  async #call(operation: string, input: object): Promise<void> {
    await this.#aws.call({
      service: 'secretsmanager',
      operation,
      input: { ...input, ClientRequestToken: crypto.randomUUID() },
      principal: { kind: 'root' },
    });
  }
}

/** Keyturn's own naming of admin secrets. */
function adminName(provider: string): string {
  return `keyturn/admin/${provider}`;
}
