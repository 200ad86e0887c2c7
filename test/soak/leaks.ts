import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { HOUR } from '../../functions/core/basics/time.ts';
import type { World } from '../world/world.ts';
import type { Resident } from './town.ts';

/** Whoever finds a value looks so much later whether anybody took it up, and reports it again if not. */
const ASKS_AGAIN = 2 * HOUR;

/** Values that were found in public, and what became of them. */
export class Leaks {
  readonly #world: World;
  /** Handles of what leaked. */
  readonly #handles = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Somebody finds the current value of a token in public, and reports it. */
  async find(one: Resident): Promise<boolean> {
    const current = (await this.#world.record(one.arn))?.credentials.findLast(
      (other) => other.state === 'current',
    );
    const { handle, fingerprint } = current ?? {};
    if (handle === undefined || fingerprint === undefined || this.#handles.has(handle)) return false;
    this.#handles.add(handle);
    await this.#report(one, { handle, fingerprint, reportedAt: this.#world.clock.now() });
    return true;
  }

  async #report(
    one: Resident,
    found: { readonly handle: string; readonly fingerprint: string; readonly reportedAt: number },
  ): Promise<void> {
    const { clock, queue, provider } = this.#world;
    const { fingerprint, reportedAt, handle } = found;
    await queue.send(provider, [
      {
        kind: 'compromise',
        tokenId: tokenIdOf(one.arn),
        notAfter: clock.now() + HOUR,
        fingerprint,
        reportedAt,
        source: 'a scanner',
      },
    ]);
    clock.after(ASKS_AGAIN, () => {
      void clock.activity(async () => {
        const incidents = (await this.#world.record(one.arn))?.incidents ?? [];
        if (!incidents.some(({ exposed }) => exposed.some((other) => other.handle === handle)))
          await this.#report(one, found);
      });
    });
  }

  /**
   * Whether a refusal is what a leak is answered with: whoever still holds what leaked is refused without
   * grace.
   */
  explains(entry: { readonly handle: string | undefined }): boolean {
    return entry.handle !== undefined && this.#handles.has(entry.handle);
  }

  /** What leaked and lives on all the same, by the issuer's own list. */
  async uncontained(residents: readonly Resident[]): Promise<string[]> {
    const all = (await Promise.all(residents.map((one) => this.#world.issuer.credentials(one.name)))).flat();
    return all.filter((one) => one.live && this.#handles.has(one.handle)).map((one) => one.handle);
  }
}
