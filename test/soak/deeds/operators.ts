import type { Fact } from '../../../functions/core/findings/events.ts';
import type { FindingKind } from '../../../functions/core/findings/findings.ts';
import { tokenIdOf } from '../../../functions/core/basics/names.ts';
import { DAY, HOUR, formatInstant, type Instant } from '../../../functions/core/basics/time.ts';
import type { VirtualClock } from '../../../lib/sandbox/clock.ts';
import type { Dice } from '../dice.ts';
import type { Deed } from './deed.ts';

/** How long an operator takes from an alert to its mending, and from one try to the next. */
const MENDS_WITHIN: readonly [number, number] = [HOUR, 3 * DAY];
const TRIES_AGAIN = 3 * HOUR;

type IsOpen = (tokenId: string, kind: FindingKind) => boolean;

/** A deed that is not put right yet. */
interface Open {
  readonly deed: Deed;
  readonly at: Instant;
  isTold: boolean;
}

/** Those who put right what others did, once an alert tells them of it, and who note what no alert told. */
export class Operators {
  readonly #clock: VirtualClock;
  readonly #dice: Dice;
  readonly #isOpen: IsOpen;
  readonly #open = new Set<Open>();
  /** A sentence for each deed that no alert told of in time. */
  readonly untold: string[] = [];

  /** `isOpen` says whether a finding of a kind was told of a token and is not resolved. */
  constructor(clock: VirtualClock, dice: Dice, isOpen: IsOpen) {
    this.#clock = clock;
    this.#dice = dice;
    this.#isOpen = isOpen;
  }

  /** Whether a secret is as somebody left it, and not put right yet. */
  isBusyWith(arn: string): boolean {
    return [...this.#open].some(({ deed }) => deed.arn === arn);
  }

  take(deed: Deed): void {
    const open: Open = { deed, at: this.#clock.now(), isTold: false };
    this.#open.add(open);
    this.#clock.after(deed.within, () => void this.#clock.activity(() => this.#requireTold(open)));
  }

  hear(fact: Fact): void {
    if (fact.type !== 'finding' || fact.change === 'resolved') return;
    for (const open of this.#open) {
      const { deed, isTold } = open;
      if (!isTold && tokenIdOf(deed.arn) === fact.tokenId && deed.toldBy.includes(fact.kind))
        this.#tell(open);
    }
  }

  /** Everything is put right now, told of or not. */
  async finish(): Promise<void> {
    for (const open of this.#open) await this.#try(open);
  }

  #tell(open: Open): void {
    open.isTold = true;
    this.#clock.after(this.#dice.between(...MENDS_WITHIN), () => this.#mend(open));
  }

  #mend(open: Open): void {
    void this.#clock.activity(() => this.#try(open));
  }

  /** What may be refused at this moment is tried again. */
  async #try(open: Open): Promise<void> {
    if (!this.#open.has(open)) return;
    if (await open.deed.stands()) await open.deed.mend();
    if (await open.deed.stands()) this.#clock.after(TRIES_AGAIN, () => this.#mend(open));
    else this.#open.delete(open);
  }

  /**
   * What nothing has to be told of any more needs no operator either. Of what an open finding tells already,
   * as after the same mistake was made twice, there is no second alert.
   */
  async #requireTold(open: Open): Promise<void> {
    const { deed, isTold, at } = open;
    if (isTold || !this.#open.has(open)) return;
    if (!(await deed.stands())) return void this.#open.delete(open);
    if (deed.toldBy.some((kind) => this.#isOpen(tokenIdOf(deed.arn), kind))) return this.#tell(open);
    this.untold.push(`of ${deed.what} since ${formatInstant(at)} no alert told`);
  }
}
