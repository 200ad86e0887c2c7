import * as z from 'zod';
import { DAY, SECOND } from '../../../functions/core/basics/time.ts';
import { AwsError } from './errors.ts';
import { operation } from './operation.ts';
import type { Check, Operation, Plan, World } from './types.ts';

/** States of a key that the sandbox knows (AWS KMS developer guide, "Key states of AWS KMS keys"). */
export type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion';

/** What keys are there, and what must be allowed. */
export interface Keys {
  /** The ARN behind an id, an ARN or an alias. Errors: NotFoundException. */
  readonly arnOf: (keyId: string) => string;
  readonly check: (keyId: string, action: string) => Check;
}

/** The states of keys, and the calls that change them. */
export class KeyStates {
  readonly #states = new Map<string, KeyState>();
  readonly #world: World;
  readonly #keys: Keys;

  constructor(world: World, keys: Keys) {
    this.#world = world;
    this.#keys = keys;
  }

  of(arn: string): KeyState {
    return this.#states.get(arn) ?? 'Enabled';
  }

  /** Errors: what KMS answers when a key that is not enabled is used. */
  requireEnabled(arn: string): void {
    const state = this.of(arn);
    if (state === 'Disabled') throw new AwsError('DisabledException', `${arn} is disabled.`);
    if (state === 'PendingDeletion')
      throw new AwsError('KMSInvalidStateException', `${arn} is pending deletion.`);
  }

  operations(): [string, Operation][] {
    const KeyId = z.string();
    return [
      operation(
        'ScheduleKeyDeletion',
        z.strictObject({ KeyId, PendingWindowInDays: z.number().int().min(7).max(30).optional() }),
        (input) => this.#about('ScheduleKeyDeletion', input.KeyId, (arn) => this.#schedule(arn, input)),
      ),
      operation('CancelKeyDeletion', z.strictObject({ KeyId }), (input) =>
        this.#about('CancelKeyDeletion', input.KeyId, (arn) => {
          if (this.of(arn) !== 'PendingDeletion')
            throw new AwsError('KMSInvalidStateException', `${arn} is not pending deletion.`);
          // Whoever takes a deletion back has to enable the key too (API Reference, "CancelKeyDeletion").
          this.#states.set(arn, 'Disabled');
          return { KeyId: arn };
        }),
      ),
      operation('EnableKey', z.strictObject({ KeyId }), (input) =>
        this.#about('EnableKey', input.KeyId, (arn) => this.#turn(arn, 'Enabled')),
      ),
      operation('DisableKey', z.strictObject({ KeyId }), (input) =>
        this.#about('DisableKey', input.KeyId, (arn) => this.#turn(arn, 'Disabled')),
      ),
    ];
  }

  #about(action: string, keyId: string, run: (arn: string) => object): Plan {
    const check = this.#keys.check(keyId, `kms:${action}`);
    return { resource: check.resource, checks: [check], run: () => run(this.#keys.arnOf(keyId)) };
  }

  #turn(arn: string, state: 'Enabled' | 'Disabled'): object {
    if (this.of(arn) === 'PendingDeletion')
      throw new AwsError('KMSInvalidStateException', `${arn} is pending deletion.`);
    this.#states.set(arn, state);
    return {};
  }

  #schedule(
    arn: string,
    { PendingWindowInDays = 30 }: { readonly PendingWindowInDays?: number | undefined },
  ): object {
    if (this.of(arn) === 'PendingDeletion')
      throw new AwsError('KMSInvalidStateException', `${arn} is pending deletion.`);
    this.#states.set(arn, 'PendingDeletion');
    const DeletionDate = (this.#world.clock.now() + PendingWindowInDays * DAY) / SECOND;
    return { KeyId: arn, DeletionDate, KeyState: 'PendingDeletion', PendingWindowInDays };
  }
}
