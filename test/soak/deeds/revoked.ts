import { tokenIdOf } from '../../../functions/core/basics/names.ts';
import { DAY, type Instant } from '../../../functions/core/basics/time.ts';
import { currentOf } from '../../../functions/core/token/lookups.ts';
import type { IssuerLogEntry } from '../../../lib/sandbox/issuers/simulator.ts';
import type { World } from '../../world/world.ts';
import type { Resident } from '../town.ts';
import type { Outcome } from './deed.ts';
import { SEEN_WITHIN, ask } from './secret-deeds.ts';

/** A consumer that reads at its start has its new value by then, and one that reads now and then too. */
const HELD_FOR = DAY;

interface Revoked {
  readonly arn: string;
  readonly value: string;
  readonly at: Instant;
  /** When another credential was seen to be current. */
  replacedAt: Instant | undefined;
}

/** Current credentials that people revoked at their issuers, and what follows from that. */
export class RevokedByHand {
  readonly #world: World;
  readonly #byHandle = new Map<string, Revoked>();

  constructor(world: World) {
    this.#world = world;
  }

  async revoke(one: Resident): Promise<Outcome> {
    const { issuer, clock } = this.#world;
    const { arn } = one;
    const text = this.#world.peek(arn);
    const held = (await issuer.credentials(one.name)).find((other) => text.includes(other.value));
    const record = await this.#world.record(arn);
    if (!held?.live || !record || currentOf(record)?.handle !== held.handle) return false;
    await issuer.revokeByHand(held.handle);
    const revoked: Revoked = { arn, value: held.value, at: clock.now(), replacedAt: undefined };
    this.#byHandle.set(held.handle, revoked);
    return {
      arn,
      what: `the current credential of ${one.name} that was revoked at its issuer`,
      toldBy: ['token-inactive'],
      within: SEEN_WITHIN,
      stands: async () => this.#isCurrent(revoked),
      mend: () => ask(this.#world, { kind: 'rotate', tokenId: tokenIdOf(arn) }),
    };
  }

  /** Something is current that was not before. */
  moved(arn: string): void {
    for (const one of this.#byHandle.values())
      if (one.arn === arn && !this.#isCurrent(one)) one.replacedAt ??= this.#world.clock.now();
  }

  /** Whether a call was refused since a person revoked what it used, and its consumer had no other yet. */
  explains({ handle, at }: IssuerLogEntry): boolean {
    const revoked = this.#byHandle.get(handle ?? '');
    return revoked !== undefined && at >= revoked.at && at <= (revoked.replacedAt ?? Infinity) + HELD_FOR;
  }

  #isCurrent({ arn, value }: Revoked): boolean {
    return this.#world.peek(arn).includes(value);
  }

  /** Whether the end of what is current is a person's deed, and no alert needs to tell of it yet. */
  isFresh(arn: string): boolean {
    return [...this.#byHandle.values()].some(
      (one) => one.arn === arn && this.#world.clock.now() <= one.at + SEEN_WITHIN,
    );
  }
}
