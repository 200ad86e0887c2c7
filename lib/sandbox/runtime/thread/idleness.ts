const nextTurn = setImmediate;

/** Turns of the event loop without anything new after which a thread counts as waiting. */
const QUIET_TURNS = 2;

/**
 * Work that is done outside the event loop and comes back to it: files and names. Timers and sockets are
 * counted elsewhere.
 */
function isBusyOutside(): boolean {
  return process
    .getActiveResourcesInfo()
    .some((resource) => /^(FSReq|GetAddrInfo|GetNameInfo|FileHandle|QueryReq)/.test(resource));
}

/** Finds out that a thread only waits: nothing new came up for some turns of the event loop. */
export class Idleness {
  readonly #report: () => void;
  #changes = 0;
  #watching = false;

  constructor(report: () => void) {
    this.#report = report;
  }

  /** Something happened; look again. */
  changed(): void {
    this.#changes++;
    if (this.#watching) return;
    this.#watching = true;
    this.#look(this.#changes, 0);
  }

  #look(seen: number, turns: number): void {
    nextTurn(() => {
      if (this.#changes !== seen || isBusyOutside()) return this.#look(this.#changes, 0);
      if (turns + 1 < QUIET_TURNS) return this.#look(seen, turns + 1);
      this.#watching = false;
      this.#report();
    });
  }
}
