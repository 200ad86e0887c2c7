import { RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Fact } from '../../functions/core/findings/events.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import type { World } from '../world/world.ts';
import type { Dice } from './dice.ts';
import { Leaks } from './leaks.ts';
import type { Resident } from './town.ts';

/**
 * How often, in a year, somebody takes a token's grant away by mistake, and how often somebody asks for a
 * rotation or a rollback.
 */
const MISTAKES_A_YEAR = 0.7;
const REQUESTS_A_YEAR = 1.5;
/** And how often a value of it is found in public. */
const LEAKS_A_YEAR = 0.4;
const YEAR = 365 * DAY;
/** How long an operator takes from an alert to its mending. */
const MENDS_WITHIN: readonly [number, number] = [HOUR, 3 * DAY];

/**
 * People: those who make mistakes, those who mend them once an alert tells them, and those who ask for this
 * and that.
 */
export class People {
  readonly #world: World;
  readonly #residents: readonly Resident[];
  readonly #dice: Dice;
  readonly #ungranted = new Set<string>();
  readonly leaks: Leaks;
  #factsSeen = 0;
  mistakes = 0;
  requests = 0;
  #isCalm = false;

  constructor(world: World, residents: readonly Resident[], dice: Dice) {
    this.#world = world;
    this.leaks = new Leaks(world);
    this.#residents = residents;
    this.#dice = dice;
  }

  live(): void {
    for (const one of this.#residents) {
      this.#now_and_then(MISTAKES_A_YEAR, () => this.#takeGrant(one));
      this.#now_and_then(REQUESTS_A_YEAR, () => this.#request(one));
      this.#now_and_then(LEAKS_A_YEAR, () => this.leaks.find(one));
    }
    this.#readAlerts();
  }

  /** Nobody does anything any more, but what is open is mended. */
  async goHome(): Promise<void> {
    this.#isCalm = true;
    this.#ungranted.clear();
    await this.#grant();
  }

  #now_and_then(timesAYear: number, worker: () => Promise<void>): void {
    this.#world.clock.after((-Math.log(1 - this.#dice.roll()) * YEAR) / timesAYear, () => {
      if (this.#isCalm) return;
      void this.#world.clock.activity(worker);
      this.#now_and_then(timesAYear, worker);
    });
  }

  async #takeGrant(one: Resident): Promise<void> {
    this.mistakes++;
    this.#ungranted.add(one.name);
    await this.#grant();
  }

  async #grant(): Promise<void> {
    await this.#world.grantOnly(
      this.#residents.map((one) => one.name).filter((name) => !this.#ungranted.has(name)),
    );
  }

  async #request(one: Resident): Promise<void> {
    this.requests++;
    const previous = (await this.#world.record(one.arn))?.credentials.findLast(
      (other) => other.state === 'previous',
    );
    const head = { tokenId: tokenIdOf(one.arn), notAfter: this.#world.clock.now() + HOUR };
    switch (this.#dice.oneOf(['rotate', 'console', 'rollback'])) {
      case 'rotate':
        return this.#world.queue.send(this.#world.provider, [{ ...head, kind: 'rotate' }]);
      case 'console':
        // Secrets Manager refuses it in the middle of a rotation.
        await this.#world.client.send(new RotateSecretCommand({ SecretId: one.arn })).catch(() => undefined);
        return;
      case 'rollback':
        if (previous)
          await this.#world.queue.send(this.#world.provider, [
            { ...head, kind: 'rollback', credentialId: previous.id },
          ]);
    }
  }

  /** Consumers that read at boot restart on news of a new version; operators mend what alerts tell them. */
  #readAlerts(): void {
    const { clock, facts } = this.#world;
    clock.after(5 * MINUTE, () => {
      const news = facts.slice(this.#factsSeen);
      this.#factsSeen = facts.length;
      for (const fact of news) this.#hear(fact);
      this.#readAlerts();
    });
  }

  #hear(fact: Fact): void {
    const one = this.#residents.find((other) => tokenIdOf(other.arn) === fact.tokenId);
    if (!one) return;
    if (fact.type === 'lifecycle' && (fact.what === 'rotated' || fact.what === 'rolled-back'))
      for (const consumer of one.booting) consumer.restart();
    if (fact.type !== 'finding' || fact.change === 'resolved' || !this.#ungranted.has(one.name)) return;
    this.#world.clock.after(this.#dice.between(...MENDS_WITHIN), () => {
      this.#ungranted.delete(one.name);
      void this.#world.clock.activity(() => this.#grant());
    });
  }
}
