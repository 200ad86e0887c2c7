import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { deliverySecretOf } from '../../functions/core/basics/names.ts';
import { CONSUMER_TAG } from '../../functions/core/policy/tags.ts';
import { httpCouriers } from '../../functions/couriers/registry.ts';
import type { VirtualClock } from '../../lib/sandbox/clock.ts';
import { KubernetesSimulator } from '../../lib/sandbox/destinations/kubernetes.ts';
import { WebhookReceiver } from '../../lib/sandbox/destinations/webhook.ts';
import type { World, WorldOptions } from '../world/world.ts';

/** A cluster that one token is brought to, and a webhook that is notified of it. */
export class Outposts {
  readonly #cluster = new KubernetesSimulator();
  readonly #webhook: WebhookReceiver;

  constructor(clock: VirtualClock) {
    this.#webhook = new WebhookReceiver(clock);
  }

  /**
   * What a world is made with, so that its couriers reach them: on the fault line, as everything outside is.
   */
  get options(): Pick<WorldOptions, 'places' | 'couriers'> {
    return {
      places: this.#all,
      couriers: (tools) =>
        httpCouriers({ ...tools, destinations: (kind) => tools.read(deliverySecretOf(kind)) }),
    };
  }

  /** The tags of a token that goes there. */
  get tags(): Record<string, string> {
    return Object.fromEntries(
      this.#all.map(({ kind, target }) => [`${CONSUMER_TAG}${kind}`, `${kind}:${target}`]),
    );
  }

  get #all(): readonly [KubernetesSimulator, WebhookReceiver] {
    return [this.#cluster, this.#webhook];
  }

  /** Writes the delivery secrets that let one token go there. */
  async open(world: World, secret: string): Promise<void> {
    for (const one of this.#all)
      await world.client.send(
        new CreateSecretCommand({
          Name: deliverySecretOf(one.kind),
          SecretString: one.deliverySecret([{ secret, target: one.target }]),
        }),
      );
  }

  /** What pods of the cluster find. */
  held(): Promise<string | undefined> {
    return this.#cluster.held();
  }

  /**
   * Which of them does not have what is current. What was adopted, they have from people: Keyturn did
   * not bring it.
   */
  async unserved(world: World, arn: string): Promise<string[]> {
    const current = [...(await world.labels(arn))].find(([, stages]) => stages.includes('AWSCURRENT'))?.[0];
    const [held, told] = [await this.#cluster.held(), await this.#webhook.held()];
    const isBehind = held === undefined ? told !== undefined : !world.peek(arn).includes(held);
    const isUntold = told === undefined ? held !== undefined : told !== current;
    return [...(isBehind ? ['the cluster'] : []), ...(isUntold ? ['the webhook'] : [])];
  }
}
