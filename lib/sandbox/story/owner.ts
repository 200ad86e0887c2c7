import {
  CreateSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  type Tag,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import type { Issuer } from '../issuers/simulator.ts';
import type { Sandbox } from '../runtime/api.ts';
import { issuerFor } from './issuer-for.ts';
import { tagsOf, type Member } from './cast.ts';

/**
 * Maximum age of a token by default, and a day: when Secrets Manager rotates by itself if Keyturn did not.
 */
const BACKSTOP_DAYS = 91;

/** What people do in the story, with the rights of the sandbox's operator. */
export class Owner {
  readonly #sandbox: Sandbox;
  readonly #secrets: SecretsManagerClient;
  readonly #cast: readonly Member[];
  /** Secrets whose grant somebody took away. */
  readonly #withheld = new Set<string>();

  constructor(sandbox: Sandbox, cast: readonly Member[]) {
    this.#sandbox = sandbox;
    this.#cast = cast;
    const { endpoint, region, credentials } = sandbox.operate();
    this.#secrets = new SecretsManagerClient({ endpoint, region, credentials });
  }

  /**
   * Stores what there is, tags the secret, and names the rotation function: that is the whole registration.
   */
  async register(member: Member, issuer: Issuer): Promise<void> {
    const text = await this.#firstText(member, issuer);
    await this.#secrets.send(
      new CreateSecretCommand({
        Name: member.secret,
        Tags: this.#tagsOf(member),
        ...(text !== undefined && { SecretString: text }),
      }),
    );
    await this.#secrets.send(this.#rotation(member));
  }

  /** Makes a token of an admin secret, which takes more rights than an operator of tokens has. */
  async adopt(member: Member): Promise<void> {
    const root = new SecretsManagerClient(this.#sandbox.aws.clientConfig({ kind: 'root' }));
    await root.send(new TagResourceCommand({ SecretId: member.secret, Tags: this.#tagsOf(member) }));
    await root.send(this.#rotation(member));
  }

  #tagsOf(member: Member): Tag[] {
    return tagsOf(member, this.#sandbox.installation).map(([Key, Value]) => ({ Key, Value }));
  }

  #rotation({ secret, provider }: Member): RotateSecretCommand {
    return new RotateSecretCommand({
      SecretId: secret,
      RotationLambdaARN: this.#functionFor(provider),
      RotationRules: { AutomaticallyAfterDays: BACKSTOP_DAYS },
      RotateImmediately: false,
    });
  }

  /** Takes the grant of a secret out of the admin secret of its provider. */
  async withhold(provider: string, secret: string): Promise<void> {
    this.#withheld.add(secret);
    await this.#grant(provider);
  }

  async giveBack(provider: string, secret: string): Promise<void> {
    this.#withheld.delete(secret);
    await this.#grant(provider);
  }

  /** Writes the admin secret of a provider anew, so that it grants its secrets of the cast and no others. */
  async #grant(provider: string): Promise<void> {
    const issuer = issuerFor(this.#sandbox.issuers, provider);
    const granted = this.#cast
      .filter((member) => member.provider === provider && !this.#withheld.has(member.secret))
      .map(({ secret }) => secret);
    await this.#secrets.send(
      new PutSecretValueCommand({
        SecretId: `keyturn/admin/${provider}`,
        SecretString: issuer.adminSecret(granted),
      }),
    );
  }

  #functionFor(provider: string): string {
    const arn = [...this.#sandbox.outputs.values()].find((output) => output.endsWith(`-rotate-${provider}`));
    if (arn === undefined)
      throw new Error(`The stack has no output with the rotation function of ${provider}.`);
    return arn;
  }

  async #firstText({ begins, secret }: Member, issuer: Issuer): Promise<string | undefined> {
    if (begins === 'empty' || begins === 'in-use') return undefined;
    if (begins === 'by-hand') return issuer.createByHand(secret);
    return mintEnding(
      issuer,
      secret,
      new Date(this.#sandbox.clock.now() + begins.endsAfter).toISOString().slice(0, 10),
    );
  }
}

const GitlabAdmin = z.object({
  url: z.string(),
  token: z.string(),
  grants: z
    .array(z.object({ resource: z.string(), scopes: z.array(z.string()), accessLevel: z.number() }))
    .min(1),
});
const GitlabToken = z.object({ token: z.string() });

/** What a person with rights in a group asks of GitLab's page for new tokens, with a date of their own. */
async function mintEnding(issuer: Issuer, secret: string, expiresOn: string): Promise<string> {
  const { url, token, grants } = GitlabAdmin.parse(JSON.parse(issuer.adminSecret([secret])));
  const [grant] = grants;
  const body = JSON.stringify({
    name: 'made by hand',
    scopes: grant?.scopes,
    access_level: grant?.accessLevel,
    expires_at: expiresOn,
  });
  const headers = { 'private-token': token, 'content-type': 'application/json', 'user-agent': 'a person' };
  const response = await issuer.fetch(
    new Request(`${url}/api/v4/${grant?.resource}/access_tokens`, { method: 'POST', headers, body }),
  );
  return JSON.stringify(GitlabToken.parse(await response.json()));
}
