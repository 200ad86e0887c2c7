import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Millis } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import type { Issuer } from '../issuers/simulator.ts';
import type { Sandbox } from '../runtime/api.ts';
import { policy } from './inbox.ts';

/** Runs something again and again, first after a while. Errors go to `onFault`. */
export function repeat(
  clock: Clock,
  rate: { readonly first: Millis; readonly every: Millis },
  run: () => Promise<void>,
  onFault: (error: unknown) => void,
): void {
  clock.after(rate.first, () => {
    void clock.activity(run).catch(onFault);
    repeat(clock, { first: rate.every, every: rate.every }, run, onFault);
  });
}

/** Reads one secret under a role that may do nothing else, with the SDK as any service would. */
export class SecretReader {
  readonly #client: SecretsManagerClient;
  readonly #name: string;

  constructor({ aws }: Sandbox, role: string, name: string) {
    const resource = `arn:aws:secretsmanager:${aws.region}:${aws.account}:secret:${name}-??????`;
    const principal = {
      kind: 'role',
      name: role,
      session: role,
      policies: [policy({ Action: 'secretsmanager:GetSecretValue', Resource: resource })],
    } as const;
    this.#client = new SecretsManagerClient(aws.clientConfig(principal));
    this.#name = name;
  }

  /** The current text; undefined while there is none. */
  async read(): Promise<string | undefined> {
    try {
      return (await this.#client.send(new GetSecretValueCommand({ SecretId: this.#name }))).SecretString;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }
}

/** Makes one call of the issuer with a credential; what came of it is in the issuer's own log. */
export async function use(issuer: Issuer, text: string, agent: string): Promise<number> {
  const response = await issuer.fetch(issuer.consume(text, agent));
  await response.arrayBuffer();
  return response.status;
}
