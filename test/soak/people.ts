import { RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Fact } from '../../functions/core/findings/events.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { DAY, MINUTE } from '../../functions/core/basics/time.ts';
import type { IssuerLogEntry } from '../../lib/sandbox/issuers/simulator.ts';
import { refusable } from '../walks/people/refusable.ts';
import { Copies } from './deeds/copies.ts';
import { DEEDS, type DeedCounts, type DeedKind, type Outcome, type Scene } from './deeds/deed.ts';
import { Disruptions } from './deeds/disruptions.ts';
import { Grants } from './deeds/grants.ts';
import { moveALabel } from './deeds/label-deeds.ts';
import { Operators } from './deeds/operators.ts';
import { RevokedByHand } from './deeds/revoked.ts';
import { ask, deleteIt, putByHand, switchOff } from './deeds/secret-deeds.ts';
import type { Dice } from './dice.ts';
import { lastTold } from './last-told.ts';
import { Leaks } from './leaks.ts';
import type { Resident, Town } from './town.ts';

/** How often in a year people do what. */
export type TimesAYear = Readonly<Partial<Record<DeedKind, number>>>;

/** How often in a year each is done: to one secret, or, of what concerns the issuer, in one world. */
const TIMES_A_YEAR: TimesAYear = {
  grantTaken: 0.7,
  secretDeleted: 0.3,
  rotationSwitchedOff: 0.3,
  currentRevoked: 0.3,
  valuePut: 0.4,
  labelMoved: 0.8,
  valueCopied: 0.3,
  gatewayPut: 6,
  listChanged: 6,
  asked: 1.5,
  leaked: 0.4,
};
const YEAR = 365 * DAY;

/** What only a person can make good, where it is an admin credential, is not done to one. */
const NOT_TO_ADMINS: ReadonlySet<DeedKind> = new Set([
  'grantTaken',
  'currentRevoked',
  'valuePut',
  'valueCopied',
]);
const TO_ISSUERS: ReadonlySet<DeedKind> = new Set(['gatewayPut', 'listChanged']);
/** Done also to a secret that is not as it should be. */
const ANY_TIME: ReadonlySet<DeedKind> = new Set(['asked', 'leaked', ...TO_ISSUERS]);

/**
 * People: those who make mistakes, those who mend them once an alert tells them, and those who ask for this
 * and that.
 */
export class People {
  readonly #scene: Scene;
  readonly #timesAYear: TimesAYear;
  readonly #residents: readonly Resident[];
  readonly #grants: Grants;
  readonly #operators: Operators;
  readonly #revoked: RevokedByHand;
  readonly #disruptions: Disruptions;
  readonly #done: Record<DeedKind, number>;
  readonly leaks: Leaks;
  readonly copies: Copies;
  #factsSeen = 0;
  #isCalm = false;

  /** `timesAYear` in place of what is usual; what it leaves out is not done. */
  constructor({ world, knobs, residents }: Town, dice: Dice, timesAYear: TimesAYear = TIMES_A_YEAR) {
    this.#timesAYear = timesAYear;
    this.#scene = { world, knobs, dice };
    this.#residents = residents;
    this.#grants = new Grants(
      world,
      residents.map(({ name }) => name),
    );
    this.#operators = new Operators(world.clock, dice, (tokenId, kind) =>
      [...lastTold(world.facts, tokenId).values()].some(
        (fact) => fact.kind === kind && fact.change !== 'resolved',
      ),
    );
    this.#revoked = new RevokedByHand(world);
    this.#disruptions = new Disruptions(this.#scene, `keyturn/admin/${world.provider}`);
    this.leaks = new Leaks(world);
    this.copies = new Copies(this.#scene, (deed) => this.#operators.take(deed));
    this.#done = Object.fromEntries(DEEDS.map((kind) => [kind, 0])) as Record<DeedKind, number>;
  }

  get done(): DeedCounts {
    return this.#done;
  }

  /** What people did and Keyturn told nobody of, each in a sentence. */
  get untold(): readonly string[] {
    return this.#operators.untold;
  }

  /** Whether a call of a consumer was refused for what a person did. */
  explains(entry: IssuerLogEntry): boolean {
    return [this.leaks, this.#revoked, this.#disruptions].some((one) => one.explains(entry));
  }

  /** Whether a person ended what is current just now. */
  hasJustEnded({ arn }: Resident): boolean {
    return this.#revoked.isFresh(arn);
  }

  /** Whether something undid what a person wrote into the admin secret. */
  isUndone(): boolean {
    return this.#grants.isUndone();
  }

  live(): void {
    for (const one of this.#residents) {
      for (const kind of DEEDS)
        if (!TO_ISSUERS.has(kind) && !(one.isAdmin && NOT_TO_ADMINS.has(kind)))
          this.#nowAndThen(this.#timesAYear[kind] ?? 0, () => this.#do(kind, one));
    }
    for (const kind of TO_ISSUERS)
      this.#nowAndThen(this.#timesAYear[kind] ?? 0, () => {
        const [first, ...rest] = this.#residents;
        return first ? this.#do(kind, this.#scene.dice.oneOf([first, ...rest])) : Promise.resolve();
      });
    this.#readAlerts();
  }

  /** Nobody does anything any more, but what is open is mended. */
  async goHome(): Promise<void> {
    this.#isCalm = true;
    this.#disruptions.finish();
    await this.copies.finish();
    await this.#operators.finish();
  }

  #nowAndThen(timesAYear: number, worker: () => Promise<void>): void {
    if (timesAYear === 0) return;
    const { clock } = this.#scene.world;
    clock.after((-Math.log(1 - this.#scene.dice.roll()) * YEAR) / timesAYear, () => {
      if (this.#isCalm) return;
      void clock.activity(worker);
      this.#nowAndThen(timesAYear, worker);
    });
  }

  /** One mistake at a time is made with a secret; what is not possible now is left. */
  async #do(kind: DeedKind, one: Resident): Promise<void> {
    if (!ANY_TIME.has(kind) && this.#operators.isBusyWith(one.arn)) return;
    const deed = await this.#carryOut(kind, one);
    if (deed === false) return;
    this.#done[kind]++;
    if (deed !== true) this.#operators.take(deed);
  }

  /** False where nothing was done; true where nobody has to put it right. */
  async #carryOut(kind: DeedKind, one: Resident): Promise<Outcome> {
    switch (kind) {
      case 'grantTaken':
        return this.#grants.take(one);
      case 'secretDeleted':
        return deleteIt(one, this.#scene);
      case 'rotationSwitchedOff':
        return switchOff(one, this.#scene);
      case 'currentRevoked':
        return this.#revoked.revoke(one);
      case 'valuePut':
        return putByHand(one, this.#scene);
      case 'labelMoved':
        return moveALabel(one, this.#scene);
      case 'valueCopied':
        return this.copies.make(one);
      case 'gatewayPut':
        return this.#disruptions.putGateway();
      case 'listChanged':
        return this.#disruptions.changeList(one);
      case 'leaked':
        return this.leaks.find(one);
      case 'asked':
        return this.#request(one);
    }
  }

  async #request(one: Resident): Promise<boolean> {
    const { world, dice } = this.#scene;
    const tokenId = tokenIdOf(one.arn);
    const previous = (await world.record(one.arn))?.credentials.findLast(({ state }) => state === 'previous');
    switch (dice.oneOf(['rotate', 'console', 'rollback'] as const)) {
      case 'rotate':
        await ask(world, { kind: 'rotate', tokenId });
        return true;
      case 'console':
        // Secrets Manager refuses it in the middle of a rotation.
        return refusable(() => world.client.send(new RotateSecretCommand({ SecretId: one.arn })));
      case 'rollback':
        if (previous) await ask(world, { kind: 'rollback', tokenId, credentialId: previous.id });
        return previous !== undefined;
    }
  }

  /** Consumers that read at boot restart on news of a new version; operators mend what alerts tell them. */
  #readAlerts(): void {
    const { clock, facts } = this.#scene.world;
    clock.after(5 * MINUTE, () => {
      const news = facts.slice(this.#factsSeen);
      this.#factsSeen = facts.length;
      for (const fact of news) this.#hear(fact);
      this.#readAlerts();
    });
  }

  #hear(fact: Fact): void {
    this.#operators.hear(fact);
    const one = this.#residents.find(({ arn }) => tokenIdOf(arn) === fact.tokenId);
    if (!one || fact.type !== 'lifecycle' || !['rotated', 'rolled-back'].includes(fact.what)) return;
    this.#revoked.moved(one.arn);
    for (const consumer of one.booting) consumer.restart();
  }
}
