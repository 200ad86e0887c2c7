import { DAY, HOUR, type Instant, type Millis } from '../../../functions/core/basics/time.ts';
import type { Fleet } from '../fleet.ts';
import { CAUSES, DUTIES, isTold } from './causes.ts';
import { endedButActive, exposedInSilence, leaks, tooMany } from './moment.ts';
import { openOf, sceneOf, type Scene } from './scene.ts';
import { lost, unfinished } from './unfinished.ts';

export { judgeEnding } from './revocations.ts';

/**
 * A finding may outlive its cause, and a cause be untold, for so long: the issuer is asked about a value now
 * and then, and grace has to be waited for.
 */
const A_DAY: Millis = DAY + 2 * HOUR;

/** Judges a fleet at every moment, and remembers since when something is not as it should be. */
export class Judge {
  readonly #fleet: Fleet;
  readonly #since = new Map<string, Instant>();

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** What does not hold now. */
  async look(): Promise<string[]> {
    const fleet = this.#fleet;
    const all = await fleet.watch.all();
    const scenes = await this.#scenes(all);
    const lasting = scenes.flatMap((scene) => [...withoutCause(scene), ...untold(scene)]);
    const moment = [
      ...fleet.seen,
      ...exposedInSilence(scenes, fleet, all),
      ...(await tooMany(fleet, scenes)),
      ...scenes.flatMap(endedButActive),
    ];
    return [...moment, ...this.#lasting(lasting)];
  }

  /** What does not hold once everything is well again for days. */
  async lookAtEnd(): Promise<string[]> {
    const all = await this.#fleet.watch.all();
    const scenes = await this.#scenes(all);
    return [
      ...(await this.look()),
      ...scenes.flatMap(unfinished),
      ...lost(scenes),
      ...leaks(this.#fleet, all),
    ];
  }

  async leaks(): Promise<string[]> {
    return leaks(this.#fleet, await this.#fleet.watch.all());
  }

  /** Only our own installation is judged: the other one is there to be left in peace. */
  async #scenes(all: Parameters<typeof sceneOf>[2]): Promise<Scene[]> {
    const own = this.#fleet.secrets.filter((one) => one.world === this.#fleet.world);
    return Promise.all(own.map((managed) => sceneOf(this.#fleet, managed, all)));
  }

  /** What is so for a day, with an issuer that was well all the time. */
  #lasting(now: readonly string[]): string[] {
    const at = this.#fleet.clock.now();
    if (!this.#fleet.isWell()) this.#since.clear();
    for (const known of this.#since.keys()) if (!now.includes(known)) this.#since.delete(known);
    for (const text of now) if (!this.#since.has(text) && this.#fleet.isWell()) this.#since.set(text, at);
    return now.filter((text) => at - (this.#since.get(text) ?? at) > A_DAY);
  }
}

/** `no-cause`: an open finding whose cause does not hold. */
function withoutCause(scene: Scene): string[] {
  return openOf(scene.record)
    .filter((finding) => CAUSES[finding.kind]?.(scene, finding) === false)
    .map(
      ({ kind, subject, detail }) =>
        `no-cause: ${kind}${subject === '' ? '' : ` of ${subject}`} is open on ${scene.managed.name}, ` +
        `and what it says is not so: ${detail}`,
    );
}

/**
 * Ended at a person's word, with its rotation switched off: that may be carried out after another person
 * switched it on.
 */
function isLetGo({ record, managed }: Scene): boolean {
  const secret = managed.world.aws.secretsManager.find(managed.arn);
  return record?.ending?.endedAt !== undefined && secret?.rotation?.enabled !== true;
}

/** `untold`: what has to be told of, and is not. */
function untold(scene: Scene): string[] {
  if (scene.managed.ended || isLetGo(scene)) return [];
  return Object.entries(DUTIES)
    .filter(([, { isSo, by }]) => isSo(scene) && !isTold(scene, by))
    .map(([what]) => `untold: of ${scene.managed.name}: ${what}`);
}
