import { DAY, HOUR, type Instant, type Millis } from '../../../functions/core/basics/time.ts';
import type { IssuerLogEntry } from '../../../lib/sandbox/issuers/simulator.ts';
import { gatewayOf, type Callers } from '../../walks/gateways.ts';
import { GATEWAYS } from '../../walks/moves.ts';
import { LIST_DELAY } from '../../walks/people/issuer.ts';
import type { Resident } from '../town.ts';
import type { Scene } from './deed.ts';

const GATEWAY_FOR: readonly [Millis, Millis] = [0.5 * HOUR, 8 * HOUR];
const LISTS_FOR: readonly [Millis, Millis] = [HOUR, 2 * DAY];

interface Gateway {
  readonly how: (typeof GATEWAYS)[number];
  readonly from: Instant;
  to: Instant;
}

/** What people put before an issuer, and what its lists leave out for a while. It passes by itself. */
export class Disruptions {
  readonly #scene: Scene;
  readonly #admin: string;
  readonly #gateways: Gateway[] = [];
  readonly #omitted = new Set<string>();

  /** The admin secret is named `admin`. */
  constructor(scene: Scene, admin: string) {
    this.#scene = scene;
    this.#admin = admin;
    scene.knobs.omits = (handle) => this.#omitted.has(handle);
  }

  /** False where something stands there already. */
  putGateway(): boolean {
    const { knobs, dice, world } = this.#scene;
    if (knobs.gateway) return false;
    const from = world.clock.now();
    const gateway: Gateway = { how: dice.oneOf(GATEWAYS), from, to: from + dice.between(...GATEWAY_FOR) };
    this.#gateways.push(gateway);
    knobs.gateway = gatewayOf(this.#callers(), gateway.how);
    world.clock.after(gateway.to - from, () => this.#takeAway());
    return true;
  }

  /** What a list leaves out: what is current of a token, or whatever was just made. */
  async changeList(one: Resident): Promise<boolean> {
    const { knobs, dice, world } = this.#scene;
    const length = dice.between(...LISTS_FOR);
    if (dice.happens(0.5)) {
      knobs.listDelay = LIST_DELAY;
      world.clock.after(length, () => (knobs.listDelay = 0));
      return true;
    }
    const text = world.peek(one.arn);
    const held = (await world.issuer.credentials(one.name)).find(({ value }) => text.includes(value));
    if (!held) return false;
    this.#omitted.add(held.handle);
    world.clock.after(length, () => this.#omitted.delete(held.handle));
    return true;
  }

  /** Nothing stands before the issuer any more, and its lists are whole. */
  finish(): void {
    const { knobs, world } = this.#scene;
    for (const one of this.#gateways) one.to = Math.min(one.to, world.clock.now());
    this.#takeAway();
    knobs.listDelay = 0;
    this.#omitted.clear();
  }

  /** Whether something before the issuer refused a call in its place: the log then has no handle. */
  explains({ at, handle, agent }: IssuerLogEntry): boolean {
    return (
      handle === undefined &&
      this.#gateways.some(
        ({ how, from, to }) =>
          at >= from && at <= to && (how !== 'admin-refused' || agent.includes(this.#admin)),
      )
    );
  }

  #takeAway(): void {
    delete this.#scene.knobs.gateway;
  }

  #callers(): Callers {
    const { world } = this.#scene;
    return {
      provider: world.provider,
      admin: () => {
        const arn = world.aws.secretsManager.find(this.#admin)?.arn ?? '';
        return (JSON.parse(world.peek(arn) || '{}') as { token?: string }).token;
      },
      scoped: () => [],
    };
  }
}
