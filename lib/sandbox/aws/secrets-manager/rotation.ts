import { MINUTE, type Millis } from '../../../../functions/core/basics/time.ts';
import type { Principal, World } from '../types.ts';
import { emitServiceEvent } from './events.ts';
import { nextWindow } from './schedule.ts';
import {
  pendingVersion,
  versionWith,
  type Flight,
  type PendingLabel,
  type SecretRecord,
  type SecretVersion,
} from './state.ts';
import { addVersion, stopFlight } from './versions.ts';
import { putLabel } from './labels.ts';

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
type Step = (typeof STEPS)[number];

/** What AWS does not document about rotation. */
export interface RotationOptions {
  /** How often a failing rotation is tried in one window, the first try included. */
  readonly tries: number;
  readonly retryAfter: Millis;
  /** What the pending version of a test-only rotation (RotateImmediately false) holds. */
  readonly testVersionHolds: 'current' | 'nothing';
  readonly pendingLabel: PendingLabel;
}

export const ROTATION_DEFAULTS: RotationOptions = {
  tries: 3,
  retryAfter: 5 * MINUTE,
  testVersionHolds: 'current',
  pendingLabel: 'at-completion',
};

export function secretsManagerFor(secret: SecretRecord): Principal {
  return { kind: 'service', service: 'secretsmanager.amazonaws.com', sourceArn: secret.arn };
}

/** Secrets Manager's side of rotation: the steps, the retries, the schedule. */
export class Rotator {
  readonly #world: World;
  readonly #options: RotationOptions;
  readonly #changed: (secret: SecretRecord) => void;

  /** `changed` is told of what the service does to a secret by itself. */
  constructor(world: World, options: RotationOptions, changed: (secret: SecretRecord) => void) {
    this.#world = world;
    this.#options = options;
    this.#changed = changed;
  }

  /**
   * Makes the pending version, an id without a value unless it is there already, and starts the four steps.
   */
  start(secret: SecretRecord, token: string): void {
    this.#pend(secret, token);
    const flight = this.#open(secret, token);
    this.#soon(secret, flight, 0, () => this.#try(secret, flight, 1));
  }

  /** Runs testSecret alone, on a pending version that is taken away after. */
  test(secret: SecretRecord, token: string): void {
    const version = this.#pend(secret, token);
    if (this.#options.testVersionHolds === 'current')
      version.value = versionWith(secret, 'AWSCURRENT')?.value;
    const flight = this.#open(secret, token);
    this.#soon(secret, flight, 0, async () => {
      emitServiceEvent(this.#world, secret, 'TestRotationStarted');
      const failure = await this.#step(secret, flight, 'testSecret');
      if (flight.stopped) return;
      secret.flight = undefined;
      secret.versions.delete(token);
      this.#changed(secret);
      emitServiceEvent(
        this.#world,
        secret,
        failure === undefined ? 'TestRotationSucceeded' : 'TestRotationFailed',
        failure,
      );
    });
  }

  /** Sets the timer of the next window, and forgets the one set before. */
  schedule(secret: SecretRecord): void {
    const rotation = secret.rotation;
    if (!rotation) return;
    rotation.cancelTimer();
    const now = this.#world.clock.now();
    rotation.nextAt =
      rotation.enabled && secret.deletedAt === undefined ? nextWindow(secret, now) : undefined;
    if (rotation.nextAt === undefined) return;
    rotation.cancelTimer = this.#world.clock.after(rotation.nextAt - now, () => {
      this.schedule(secret);
      if (secret.flight === undefined) this.start(secret, pendingVersion(secret)?.id ?? this.#world.uuid());
      this.#changed(secret);
    });
  }

  #pend(secret: SecretRecord, token: string): SecretVersion {
    const version = secret.versions.get(token) ?? addVersion(this.#world, secret, token, undefined);
    putLabel(this.#world, secret, 'AWSPENDING', version);
    return version;
  }

  #open(secret: SecretRecord, token: string): Flight {
    const flight: Flight = {
      token,
      rotationToken: this.#world.uuid(),
      stopped: false,
      cancelRetry: () => undefined,
    };
    secret.flight = flight;
    return flight;
  }

  #soon(secret: SecretRecord, flight: Flight, delay: Millis, run: () => Promise<void>): void {
    flight.cancelRetry = this.#world.clock.after(delay, () => {
      if (!flight.stopped && secret.flight === flight) void this.#world.clock.activity(run);
    });
  }

  /** One whole rotation, from createSecret on. */
  async #try(secret: SecretRecord, flight: Flight, count: number): Promise<void> {
    if (!secret.versions.get(flight.token)?.stages.has('AWSPENDING')) return stopFlight(secret);
    emitServiceEvent(this.#world, secret, 'RotationStarted');
    for (const step of STEPS) {
      const failure = await this.#step(secret, flight, step);
      if (flight.stopped) return;
      if (failure !== undefined) return this.#fail(secret, flight, count, failure);
    }
    secret.flight = undefined;
    if (this.#options.pendingLabel === 'at-completion')
      secret.versions.get(flight.token)?.stages.delete('AWSPENDING');
    secret.rotatedAt = this.#world.clock.now();
    emitServiceEvent(this.#world, secret, 'RotationSucceeded');
    this.schedule(secret);
    this.#changed(secret);
  }

  #fail(secret: SecretRecord, flight: Flight, count: number, failure: string): void {
    emitServiceEvent(this.#world, secret, 'RotationFailed', failure);
    if (count < this.#options.tries)
      this.#soon(secret, flight, this.#options.retryAfter, () => this.#try(secret, flight, count + 1));
    else secret.flight = undefined;
  }

  /** Runs one step; resolves to what went wrong, if something did. */
  async #step(secret: SecretRecord, flight: Flight, step: Step): Promise<string | undefined> {
    const lambda = secret.rotation?.lambdaArn ?? '';
    const event = {
      Step: step,
      SecretId: secret.arn,
      ClientRequestToken: flight.token,
      RotationToken: flight.rotationToken,
    };
    const answer = await this.#world.invoke(secretsManagerFor(secret), lambda, event).catch(() => undefined);
    if (!answer || 'functionError' in answer)
      return `Error when executing lambda ${lambda} during ${step} step`;
    const version = secret.versions.get(flight.token);
    if (step === 'createSecret' && !version?.value) {
      return (
        `Pending secret version ${flight.token} for Secret ${secret.arn} wasn't created by Lambda ` +
        `${lambda}. Remove the AWSPENDING staging label and restart rotation.`
      );
    }
    if (step === 'finishSecret' && !version?.stages.has('AWSCURRENT'))
      return (
        `Pending secret version ${flight.token} for Secret ${secret.arn} wasn't made AWSCURRENT by ` +
        `Lambda ${lambda}.`
      );
    return undefined;
  }
}
