import { RotateSecretCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import type { Command } from '../../functions/core/commands/commands.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { MOST_LIVE } from '../../functions/core/rotation/slots.ts';
import { HOUR, MINUTE, SECOND, type Instant } from '../../functions/core/basics/time.ts';
import { isUnderWay } from '../../functions/core/token/lookups.ts';
import { knownHandles, liveCredentials } from '../../functions/core/token/known-credentials.ts';
import type { Token } from '../../functions/core/token/token.ts';
import type { IssuedCredential } from '../../lib/sandbox/issuers/simulator.ts';
import type { Fault, FaultPlan } from '../world/faults.ts';
import { World } from '../world/world.ts';
import { LIFE_TAGS } from './settings.ts';
import { SUBJECTS } from './run.ts';

/** One thing that happens on a walk. `token` counts from 0 and wraps around. */
export type Step =
  | { readonly kind: 'wait'; readonly minutes: number }
  | {
      readonly kind:
        | 'rotate'
        | 'rollback'
        | 'leaked'
        | 'console-rotates'
        | 'labels-moved'
        | 'revoked-by-hand';
      readonly token: number;
    }
  | { readonly kind: 'revoke'; readonly token: number; readonly which: 'current' | 'previous' }
  | { readonly kind: 'policy'; readonly token: number; readonly tags: Readonly<Record<string, string>> }
  | { readonly kind: 'fault'; readonly after: number; readonly fault: Fault };

export interface Walk {
  readonly provider: string;
  /** What each token's secret holds at first: a value made by hand, or nothing. */
  readonly tokens: readonly ('by-hand' | 'empty')[];
  readonly steps: readonly Step[];
}

/** What must hold within this after a fault: two sweeps after the deadline of an attempt. */
const TWO_SWEEPS = 70 * MINUTE;
/**
 * A day is enough for the longest wait between failed rotations, an inspection and a whole rotation with its
 * retirement.
 */
const LONGEST_UNREST = 24 * HOUR;
/** No divisor of the sweep, so that a consumer holds an old value at any distance from one. */
const CONSUMER_EVERY = 130 * SECOND;
const CONSUMER_KEEPS = 5 * MINUTE;

/** One secret, its consumer, and what the walk did to it that may break consumers. */
class Walker {
  readonly name: string;
  readonly arn: string;
  readonly #world: World;
  #kept = { text: '', until: 0 };
  /** A person revoked a credential, moved labels by hand, or asked for a revoke without grace. */
  mayBreak = false;
  /** Handles of credentials that leaked: they are revoked without grace, under whoever still holds them. */
  readonly leaked = new Set<string>();

  constructor(world: World, name: string, arn: string) {
    this.#world = world;
    this.name = name;
    this.arn = arn;
  }

  get agent(): string {
    return `consumer-of-${this.name}/1`;
  }

  consume(): void {
    const { clock } = this.#world;
    clock.after(CONSUMER_EVERY, () => {
      void clock.activity(async () => {
        if (this.#kept.until <= clock.now())
          this.#kept = { text: this.#world.peek(this.arn), until: clock.now() + CONSUMER_KEEPS };
        if (this.#kept.text !== '')
          await this.#world.issuer.fetch(this.#world.issuer.consume(this.#kept.text, this.agent));
      });
      this.consume();
    });
  }

  refused(): number {
    return this.#world.issuer.log().filter((entry) => entry.agent === this.agent && entry.status >= 400)
      .length;
  }

  record(): Promise<Token | undefined> {
    return this.#world.record(this.arn);
  }

  async live(): Promise<IssuedCredential[]> {
    return (await this.#world.issuer.credentials(this.name)).filter((one) => one.live);
  }
}

/** Walks, and after every step says what does not hold. */
export async function walk(given: Walk): Promise<string[]> {
  const plan: FaultPlan[] = [];
  const world = new World({
    issuer: issuerOf(given.provider),
    plan,
    rotation: { pendingLabel: given.steps.length % 2 === 1 ? 'stays' : 'at-completion' },
  });
  const names = given.tokens.map((_, at) => `prod/app-${at}/token`);
  await world.createAdminSecret(names);
  const walkers: Walker[] = [];
  for (const [at, name] of names.entries()) {
    const value = given.tokens[at] === 'by-hand' ? await world.issuer.createByHand(name) : undefined;
    const walker = new Walker(world, name, await world.createToken(name, { value, tags: LIFE_TAGS }));
    walker.consume();
    walkers.push(walker);
  }
  world.startSchedules();
  const party = { world, walkers, plan, faultAt: world.clock.now() };
  for (const [at, step] of given.steps.entries()) {
    const violations = await takeAndSearch(party, step);
    if (violations.length > 0)
      return violations.map((text) => `after step ${at + 1}, ${JSON.stringify(step)}: ${text}`);
  }
  world.line.heal();
  return (await rest(party)).map((text) => `at rest: ${text}`);
}

interface Party {
  readonly world: World;
  readonly walkers: readonly Walker[];
  readonly plan: FaultPlan[];
  /** When something was last seen to have gone wrong. */
  faultAt: Instant;
}

function issuerOf(provider: string): ConstructorParameters<typeof World>[0]['issuer'] {
  const subject = SUBJECTS.find((one) => one.id === provider);
  if (!subject) throw new Error(`There is no issuer ${provider}.`);
  return subject.issuer({});
}

async function take(party: Party, step: Step): Promise<string[]> {
  const { world } = party;
  const before = world.line.calls.length;
  await carryOut(party, step);
  if (step.kind !== 'wait') party.faultAt = world.clock.now();
  if (party.plan.some((one) => one.index >= before && one.index < world.line.calls.length))
    party.faultAt = world.clock.now();
  const violations: string[] = [];
  for (const walker of party.walkers)
    violations.push(...(await judge(party, walker)).map((text) => `${walker.name}: ${text}`));
  return violations;
}

/** Waiting is often; looking for leaks is dear, and what was written stays. */
async function takeAndSearch(party: Party, step: Step): Promise<string[]> {
  return [...(await take(party, step)), ...(await leaks(party))];
}

async function carryOut({ world, walkers, plan }: Party, step: Step): Promise<void> {
  if (step.kind === 'wait') return world.clock.advanceBy(step.minutes * MINUTE);
  if (step.kind === 'fault')
    return void plan.push({ index: world.line.calls.length + step.after, fault: step.fault });
  const walker = walkers[step.token % walkers.length];
  if (!walker) return;
  const head = { tokenId: tokenIdOf(walker.arn), notAfter: world.clock.now() + HOUR };
  switch (step.kind) {
    case 'rotate':
      return ask(world, { ...head, kind: 'rotate' });
    case 'rollback': {
      const previous = (await walker.record())?.credentials.findLast((one) => one.state === 'previous');
      return previous && ask(world, { ...head, kind: 'rollback', credentialId: previous.id });
    }
    case 'revoke': {
      const target = (await walker.record())?.credentials.findLast((one) => one.state === step.which);
      if (!target) return;
      walker.mayBreak = true;
      return ask(world, { ...head, kind: 'revoke', credentialId: target.id });
    }
    case 'leaked': {
      const exposed = (await walker.record())?.credentials.findLast((one) => one.state === 'current');
      if (exposed?.handle === undefined || exposed.fingerprint === undefined) return;
      walker.leaked.add(exposed.handle);
      return ask(world, {
        ...head,
        kind: 'compromise',
        fingerprint: exposed.fingerprint,
        reportedAt: world.clock.now(),
        source: 'a walk',
      });
    }
    case 'policy':
      return world.tag(walker.arn, step.tags);
    case 'console-rotates':
      return refusable(() => world.client.send(new RotateSecretCommand({ SecretId: walker.arn })));
    case 'labels-moved':
      return moveLabels(world, walker);
    case 'revoked-by-hand': {
      const victim = (await walker.live()).find((one) => world.peek(walker.arn).includes(one.value));
      if (!victim) return;
      walker.mayBreak = true;
      return world.issuer.revokeByHand(victim.handle);
    }
  }
}

/** A command goes through the queue, as the command line sends it. */
async function ask(world: World, command: Command): Promise<void> {
  await world.queue.send(world.provider, [command]);
}

/** Secrets Manager may refuse what a person wants in the middle of a rotation. */
async function refusable(run: () => Promise<unknown>): Promise<void> {
  await run().catch(() => undefined);
}

async function moveLabels(world: World, walker: Walker): Promise<void> {
  const labels = [...(await world.labels(walker.arn))];
  const holding = (label: string): string | undefined =>
    labels.find(([, stages]) => stages.includes(label))?.[0];
  const [from, to] = [holding('AWSCURRENT'), holding('AWSPREVIOUS')];
  if (from === undefined || to === undefined) return;
  walker.mayBreak = true;
  await refusable(() =>
    world.client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: walker.arn,
        VersionStage: 'AWSCURRENT',
        RemoveFromVersionId: from,
        MoveToVersionId: to,
      }),
    ),
  );
}

/** What holds at every moment; and what holds once two sweeps passed without a fault. */
async function judge({ world, faultAt }: Party, walker: Walker): Promise<string[]> {
  const record = await walker.record();
  const live = await walker.live();
  const violations: string[] = [];
  if (live.length > MOST_LIVE)
    violations.push(
      `${live.length} credentials live at the issuer: ${live.map((one) => one.handle).join(', ')}`,
    );
  if (record && liveCredentials(record).length > MOST_LIVE)
    violations.push(`${liveCredentials(record).length} generations live on record`);
  if (record && record.credentials.filter((one) => one.state === 'current').length > 1)
    violations.push('two generations are current');
  const text = world.peek(walker.arn);
  if (text !== '' && !walker.mayBreak && !live.some((one) => text.includes(one.value)))
    violations.push('AWSCURRENT names an inactive credential');
  if (!walker.mayBreak && walker.leaked.size === 0 && walker.refused() > 0)
    violations.push(`${walker.refused()} calls of its consumer were refused`);
  if (world.clock.now() < faultAt + TWO_SWEEPS) return violations;
  if (!record) return [...violations, 'it is not in the inventory'];
  const known = knownHandles(record);
  for (const one of live)
    if (!known.has(one.handle)) violations.push(`the live credential ${one.handle} is on no record`);
  return violations;
}

/**
 * Each token comes to rest in its own time: one live credential at the issuer, the same on record, nothing
 * under way.
 */
async function rest(party: Party): Promise<string[]> {
  const { world, walkers } = party;
  const end = world.clock.now() + LONGEST_UNREST;
  let restless = [...walkers];
  while (restless.length > 0 && world.clock.now() < end) {
    const violations = await take(party, { kind: 'wait', minutes: 10 });
    if (violations.length > 0) return violations;
    const reasons = await Promise.all(restless.map((walker) => unrest(world, walker)));
    restless = restless.filter((_, at) => (reasons[at] ?? []).length > 0);
  }
  const reasons = await Promise.all(
    restless.map(async (walker) => (await unrest(world, walker)).map((text) => `${walker.name}: ${text}`)),
  );
  const undelivered = world.queue.deadLetters.map(
    (command) => `a ${command.kind} command ended in the dead-letter queue`,
  );
  return [...reasons.flat(), ...undelivered, ...(await leaks(party))];
}

async function unrest(world: World, walker: Walker): Promise<string[]> {
  const record = await walker.record();
  if (!record) return ['it is not in the inventory'];
  const live = await walker.live();
  const current = record.credentials.find((one) => one.state === 'current');
  const isInactiveKnown = record.findings.some(
    (one) => one.state === 'open' && one.kind === 'token-inactive',
  );
  const reasons: string[] = [];
  if (record.attempts.some((one) => isUnderWay(one) || one.tidy !== true))
    reasons.push('an attempt is not over');
  if (record.outbox.length > 0) reasons.push('facts wait in the outbox');
  for (const one of live)
    if (walker.leaked.has(one.handle)) reasons.push(`what leaked still lives: ${one.handle}`);
  // A person left nothing that works: a finding says so, and what may still be gone back to is kept.
  if (walker.mayBreak && isInactiveKnown) return reasons;
  if (liveCredentials(record).length !== 1 || !current)
    reasons.push(
      `not one generation lives: ${liveCredentials(record)
        .map((one) => `${one.id} ${one.state}`)
        .join(', ')}`,
    );
  const text = world.peek(walker.arn);
  const isActive =
    live.length === 1 && live[0]?.handle === current?.handle && text.includes(live[0]?.value ?? '-');
  if (!isActive)
    reasons.push(
      `live at the issuer: ${live.map((one) => one.handle).join(', ') || 'nothing'}; current on ` +
        `record: ${current?.handle ?? 'nothing'}`,
    );
  return reasons;
}

/** Searches everything the product wrote for values that only the issuer and Secrets Manager may hold. */
async function leaks({ world, walkers }: Party): Promise<string[]> {
  const issued = (await Promise.all(walkers.map((one) => world.issuer.credentials(one.name)))).flat();
  const written: readonly (readonly [string, string])[] = [
    ['inventory', world.inventory.dump()],
    ['facts', JSON.stringify(world.facts)],
    ['log', world.logged.join('\n')],
    ['errors', world.errors.join('\n')],
    ['commands', JSON.stringify(world.queue.sent)],
  ];
  return written
    .filter(([, text]) => issued.some((one) => text.includes(one.value)))
    .map(([place]) => `a secret value is in the ${place}`);
}
