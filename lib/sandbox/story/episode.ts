import type { Millis } from '../../../functions/core/basics/time.ts';
import type { Member } from './cast.ts';
import type { Judged } from './evidence.ts';
import type { Owner } from './owner.ts';
import type { Player } from './consumers.ts';
import type { Stage } from './stage.ts';

/** Where an act of an episode is played, and who can do something. */
export interface Scene {
  readonly stage: Stage;
  readonly owner: Owner;
}

/** Something that people do, counted from the start of the story. */
export interface Act {
  readonly at: Millis;
  play(scene: Scene): Promise<void>;
}

/** A part of the story with tokens of its own: what goes wrong, who is notified, and how it ends. */
export interface Episode extends Judged {
  readonly members: readonly Member[];
  /** Those who use its tokens all the time. */
  readonly players: readonly Player[];
  /** Starts them, once the tokens are there. */
  start?(stage: Stage): Promise<void>;
  readonly acts: readonly Act[];
}
