import { DAY, HOUR, type Instant, type Millis } from '../../../functions/core/basics/time.ts';
import type { Town } from '../town.ts';
import { CAUSES, DUTIES, isTold } from './causes.ts';
import { endedButActive, exposedInSilence, leaks, tooMany } from './moment.ts';
import { openOf, sceneOf, type Scene } from './scene.ts';
import { lost, unfinished } from './unfinished.ts';

export { judgeKill } from './revocations.ts';

/**
 * A finding may outlive its cause, and a cause be untold, for so long: the issuer is asked about a value now
 * and then, and grace has to be waited for.
 */
const A_DAY: Millis = DAY + 2 * HOUR;

/** Judges a town at every moment, and remembers since when something is not as it should be. */
export class Judge {
  readonly #town: Town;
  readonly #since = new Map<string, Instant>();

  constructor(town: Town) {
    this.#town = town;
  }

  /** What does not hold now. */
  async look(): Promise<string[]> {
    const town = this.#town;
    const all = await town.watch.all();
    const scenes = await this.#scenes(all);
    const lasting = scenes.flatMap((scene) => [...withoutCause(scene), ...untold(scene)]);
    const moment = [
      ...town.seen,
      ...exposedInSilence(scenes, town, all),
      ...(await tooMany(town, scenes)),
      ...scenes.flatMap(endedButActive),
    ];
    return [...moment, ...this.#lasting(lasting)];
  }

  /** What does not hold once everything is well again for days. */
  async lookAtEnd(): Promise<string[]> {
    const all = await this.#town.watch.all();
    const scenes = await this.#scenes(all);
    return [
      ...(await this.look()),
      ...scenes.flatMap(unfinished),
      ...lost(scenes),
      ...leaks(this.#town, all),
    ];
  }

  async leaks(): Promise<string[]> {
    return leaks(this.#town, await this.#town.watch.all());
  }

  /** Only our own installation is judged: the other one is there to be left in peace. */
  async #scenes(all: Parameters<typeof sceneOf>[2]): Promise<Scene[]> {
    const own = this.#town.houses.filter((one) => one.world === this.#town.world);
    return Promise.all(own.map((house) => sceneOf(this.#town, house, all)));
  }

  /** What is so for a day, with an issuer that was well all the time. */
  #lasting(now: readonly string[]): string[] {
    const at = this.#town.clock.now();
    if (!this.#town.isWell()) this.#since.clear();
    for (const known of this.#since.keys()) if (!now.includes(known)) this.#since.delete(known);
    for (const text of now) if (!this.#since.has(text) && this.#town.isWell()) this.#since.set(text, at);
    return now.filter((text) => at - (this.#since.get(text) ?? at) > A_DAY);
  }
}

/** `no-cause`: an open finding whose cause does not hold. */
function withoutCause(scene: Scene): string[] {
  return openOf(scene.record)
    .filter((finding) => CAUSES[finding.kind]?.(scene, finding) === false)
    .map(
      ({ kind, subject, detail }) =>
        `no-cause: ${kind}${subject === '' ? '' : ` of ${subject}`} is open on ${scene.house.name}, ` +
        `and what it says is not so: ${detail}`,
    );
}

/** `untold`: what has to be told of, and is not. */
function untold(scene: Scene): string[] {
  if (scene.house.ended) return [];
  return Object.entries(DUTIES)
    .filter(([, { isSo, by }]) => isSo(scene) && !isTold(scene, by))
    .map(([what]) => `untold: of ${scene.house.name}: ${what}`);
}
