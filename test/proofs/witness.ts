import { sessionsThrough } from './home.ts';
import { MINUTE } from '../../functions/core/basics/time.ts';
import type { Ports } from '../../functions/core/ports/ports.ts';
import type { Session } from '../../functions/core/issuer/provider.ts';
import { isUnderWay } from '../../functions/core/token/lookups.ts';
import { liveCredentials } from '../../functions/core/token/known-credentials.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { Consumer } from '../faults/consumer.ts';
import type { Invocation } from '../world/faults.ts';
import type { World } from '../world/world.ts';

/** The least grace of the tokens that are watched; no old credential may be revoked before. */
const LEAST_GRACE = 30 * MINUTE;
const LONGEST_UNREST = 6 * 60 * MINUTE;

interface Watched {
  readonly world: World;
  readonly arn: string;
  readonly name: string;
  readonly consumer: Consumer;
}

/**
 * Looks on from outside: at every revoke it asks Secrets Manager and the issuer themselves whether the
 * credential was current or in grace.
 */
export class Witness {
  readonly violations: string[] = [];
  readonly revoked: string[] = [];
  readonly #watched: Watched[] = [];
  /** When each version stopped being current. */
  readonly #superseded = new Map<string, number>();

  /** To be given to a world as `wrap`. */
  readonly wrap = (ports: Ports, _invocation: Invocation): Ports => ({
    ...ports,
    secrets: {
      ...methodsOf(ports.secrets),
      moveLabel: (secretId, label, move) => this.#move(ports, { secretId, label, move }),
    },
    issuers: sessionsThrough(ports.issuers, (session) => this.#watching(session, ports)),
  });

  watch(world: World, arn: string, name: string): void {
    const consumer = new Consumer(world, arn);
    consumer.start();
    this.#watched.push({ world, arn, name, consumer });
  }

  async #move(
    ports: Ports,
    made: { secretId: string; label: string; move: { from: string | undefined; to: string | undefined } },
  ): Promise<void> {
    await ports.secrets.moveLabel(made.secretId, made.label, made.move);
    if (made.label === 'AWSCURRENT' && made.move.from !== undefined)
      this.#superseded.set(made.move.from, ports.now());
  }

  #watching(session: Session, ports: Ports): Session {
    return new Proxy(session, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key, target);
        if (key !== 'revoke' || typeof member !== 'function') return member;
        return async (handle: string) => {
          await this.#judge(handle, ports.now());
          return Reflect.apply(member, target, [handle]);
        };
      },
    });
  }

  async #judge(handle: string, now: number): Promise<void> {
    this.revoked.push(handle);
    for (const { world, arn, name } of this.#watched) {
      const issued = await Promise.all(this.#watched.map((one) => one.world.issuer.credentials(one.name)));
      const value = issued.flat().find((one) => one.handle === handle && one.live)?.value;
      if (value === undefined) continue;
      for (const version of world.aws.secretsManager.find(arn)?.versions.values() ?? []) {
        if (!version.value?.SecretString?.includes(value)) continue;
        const since = this.#superseded.get(version.id);
        if (version.stages.has('AWSCURRENT'))
          this.violations.push(`${handle} was revoked while it was AWSCURRENT of ${name}`);
        else if (since !== undefined && now - since < LEAST_GRACE)
          this.violations.push(
            `${handle} was revoked ${(now - since) / MINUTE} minutes after ${name} moved on`,
          );
      }
    }
  }

  /** Calls of all consumers that the issuer refused. */
  failures(): number {
    return this.#watched[0]?.consumer.failures() ?? 0;
  }

  /** Lets time pass until every token is managed and at rest, then says what is wrong. */
  async verdict(): Promise<string[]> {
    for (const one of this.#watched) await untilRest(one);
    const wrongs = await Promise.all(this.#watched.map((one) => wrongWith(one)));
    return [...this.violations, ...wrongs.flat()];
  }
}

/** A proxy's methods are not its own properties: this makes them so. */
function methodsOf(secrets: Ports['secrets']): Ports['secrets'] {
  return {
    describe: (id) => secrets.describe(id),
    read: (id, version) => secrets.read(id, version),
    tryStore: (id, version, length) => secrets.tryStore(id, version, length),
    putPending: (id, version, text, rotationToken) => secrets.putPending(id, version, text, rotationToken),
    moveLabel: (id, label, move) => secrets.moveLabel(id, label, move),
    startRotation: (id, token) => secrets.startRotation(id, token),
    stopRotation: (id) => secrets.stopRotation(id),
    readAdmin: (name) => secrets.readAdmin(name),
    admins: () => secrets.admins(),
    list: (installation) => secrets.list(installation),
  };
}

function isAtRest(token: Token | undefined): boolean {
  return (
    token !== undefined &&
    token.outbox.length === 0 &&
    liveCredentials(token).length === 1 &&
    token.attempts.every((one) => one.tidy === true)
  );
}

async function untilRest({ world, arn }: Watched): Promise<void> {
  const end = world.clock.now() + LONGEST_UNREST;
  while (world.clock.now() < end && !isAtRest(await world.record(arn)))
    await world.clock.advanceBy(5 * MINUTE);
}

async function wrongWith({ world, arn, name, consumer }: Watched): Promise<string[]> {
  const wrong: string[] = [];
  const record = await world.record(arn);
  if (!record) return [`${name} is not in the inventory`];
  if (!(await world.inventory.isComplete())) wrong.push('the inventory is not complete');
  const live = (await world.issuer.credentials(name)).filter((one) => one.live);
  const text = await world.read(arn);
  if (!live.some((one) => text.includes(one.value))) wrong.push(`AWSCURRENT of ${name} is not live`);
  if (live.length !== 1) wrong.push(`${live.length} credentials live for ${name}`);
  if (!isAtRest(record))
    wrong.push(
      `${name} is not at rest: ` +
        `${record.credentials.map((one) => `${one.id.slice(0, 12)} ${one.state}`).join(', ')}; ` +
        `${record.attempts.filter((one) => isUnderWay(one) || one.tidy !== true).length} attempts open`,
    );
  const open = record.findings.filter((one) => one.state === 'open');
  if (open.length > 0)
    wrong.push(`findings are open: ${open.map((one) => `${one.kind} (${one.detail})`).join('; ')}`);
  if (consumer.calls() < 20) wrong.push(`the consumer of ${name} hardly used the token`);
  if (consumer.failures() > 0) wrong.push(`${consumer.failures()} calls of the consumers were refused`);
  if (world.queue.deadLetters.length > 0)
    wrong.push(`${world.queue.deadLetters.length} commands ended in the dead-letter queue`);
  return wrong;
}
