import { HOUR, MINUTE, formatInstant, type Millis } from '../../../../functions/core/basics/time.ts';
import { AwsError } from '../errors.ts';
import { eventFields, isFields, readPattern, type EventFields, type Pattern } from '../patterns.ts';
import type { BusEvent, PolicyDocument, Principal, World } from '../types.ts';
import { inputFor } from './input.ts';
import { type Target, type Rule, arnOfRule } from './rule.ts';

/** Quotas (user guide, "Amazon EventBridge quotas"); that of patterns can be raised. */
const MAX_TARGETS = 5;

const MAX_PATTERN = 2_048;

const RETRY_AFTER: Millis = MINUTE;

interface Known {
  readonly rule: Rule;
  readonly pattern: Pattern;
}

/** EventBridge: buses, rules, deliveries with retries and dead-letter queues. */
export class Buses {
  readonly policies = new Map<string, PolicyDocument | undefined>([['default', undefined]]);
  readonly rules = new Map<string, Known>();
  /** What `listens` answered since the last rule was added: it is asked at every call. */
  readonly #listens = new Map<string, boolean>();
  readonly #world: World;
  readonly #trail: boolean;

  constructor(world: World, trail: boolean) {
    this.#world = world;
    this.#trail = trail;
  }

  listens(detailType: string): boolean {
    const known = this.#listens.get(detailType) ?? this.#mayFit(detailType);
    this.#listens.set(detailType, known);
    return known;
  }

  #mayFit(detailType: string): boolean {
    for (const { rule, pattern } of this.rules.values()) {
      if (
        (rule.bus ?? 'default') === 'default' &&
        rule.state !== 'DISABLED' &&
        pattern.mayFit('detail-type', detailType)
      )
        return true;
    }
    return false;
  }

  add(rule: Rule): void {
    if (rule.targets.length > MAX_TARGETS)
      throw new AwsError('LimitExceededException', `Rule ${rule.name} has more than ${MAX_TARGETS} targets.`);
    const length = JSON.stringify(rule.pattern).length;
    if (length > MAX_PATTERN)
      throw new AwsError(
        'LimitExceededException',
        `The pattern of rule ${rule.name} has ${length} characters; EventBridge takes ${MAX_PATTERN}.`,
      );
    this.#listens.clear();
    this.rules.set(`${rule.bus ?? 'default'}/${rule.name}`, { rule, pattern: readPattern(rule.pattern) });
  }

  /** The rules of a bus, with their ARNs. Errors: ResourceNotFoundException. */
  of(bus: string): { readonly rule: Rule; readonly arn: string }[] {
    if (!this.policies.has(bus))
      throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
    return [...this.rules.values()]
      .filter(({ rule }) => (rule.bus ?? 'default') === bus)
      .map(({ rule }) => ({ rule, arn: arnOfRule(this.#world, rule) }));
  }

  /** Errors: ResourceNotFoundException. */
  named(bus: string, name: string): { readonly rule: Rule; readonly arn: string } {
    const known = this.of(bus).find(({ rule }) => rule.name === name);
    if (known) return known;
    throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus}.`);
  }

  /** Errors: ResourceNotFoundException. */
  turn(bus: string, name: string, state: 'ENABLED' | 'DISABLED'): void {
    this.add({ ...this.named(bus, name).rule, state });
  }

  /**
   * A new rule has no targets; one that is there keeps its own, and is enabled unless told (API Reference,
   * "PutRule"). Errors: ResourceNotFoundException for the bus.
   */
  change(bus: string, name: string, pattern: Rule['pattern'], state: Rule['state'] = 'ENABLED'): void {
    const known = this.of(bus).find(({ rule }) => rule.name === name)?.rule;
    this.add({ name, bus, targets: known?.targets ?? [], pattern, state });
  }

  /** `detailText` is the detail as its sender wrote it, numbers and all. */
  put(event: BusEvent, bus: string, at: number, detailText?: string): string {
    const id = this.#world.uuid();
    const { account, region } = this.#world;
    const time = formatInstant(at);
    const about = {
      version: '0',
      id,
      'detail-type': event.detailType,
      source: event.source,
      account,
      time,
      region,
      resources: event.resources,
    };
    const asText =
      detailText === undefined ? undefined : `${JSON.stringify(about).slice(0, -1)},"detail":${detailText}}`;
    const whole = { ...about, detail: event.detail };
    const isTrail = event.source.startsWith('aws.') && event.detailType.endsWith(' via CloudTrail');
    if (isTrail && !this.#trail) return id;
    this.route(whole, bus, {
      readOnly: isTrail && isFields(event.detail) && event.detail['readOnly'] === true,
      asText,
    });
    return id;
  }

  /**
   * Hands a whole event to the targets of the rules that it fits; `asText` is the same event as its sender
   * wrote it.
   */
  route(
    whole: Readonly<Record<string, unknown>>,
    bus: string,
    { readOnly = false, asText }: { readOnly?: boolean; asText?: string | undefined } = {},
  ): void {
    let fields: EventFields | undefined;
    for (const { rule, pattern } of this.rules.values()) {
      if ((rule.bus ?? 'default') !== bus || rule.state === 'DISABLED') continue;
      // Read-only management events reach only the rules that ask for them.
      if (readOnly && rule.state !== 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS') continue;
      fields ??= eventFields(asText ?? whole);
      if (pattern.fits(fields))
        for (const target of rule.targets)
          this.#later(0, () =>
            this.#deliver(rule, target, { whole, since: this.#world.clock.now(), tries: 0 }),
          );
    }
  }

  #later(delay: Millis, run: () => Promise<void>): void {
    this.#world.clock.after(delay, () => void this.#world.clock.activity(run));
  }

  async #deliver(
    rule: Rule,
    target: Target,
    letter: { whole: unknown; since: number; tries: number },
  ): Promise<void> {
    const ruleArn = arnOfRule(this.#world, rule);
    const principal: Principal = { kind: 'service', service: 'events.amazonaws.com', sourceArn: ruleArn };
    try {
      await this.#world.deliver(target.role ?? principal, target.arn, {
        body: inputFor(letter.whole, target, ruleArn),
      });
    } catch (error) {
      const code = error instanceof AwsError ? error.code : 'SDK_CLIENT_ERROR';
      const now = this.#world.clock.now();
      const isFinal = error instanceof AwsError && error.status < 500;
      const isOver =
        letter.tries >= (target.maximumRetryAttempts ?? 185) ||
        now + RETRY_AFTER - letter.since > (target.maximumEventAge ?? 24 * HOUR);
      if (!isFinal && !isOver)
        return this.#later(RETRY_AFTER, () =>
          this.#deliver(rule, target, { ...letter, tries: letter.tries + 1 }),
        );
      if (target.deadLetterArn === undefined) return;
      const text = (StringValue: string): { DataType: string; StringValue: string } => ({
        DataType: 'String',
        StringValue,
      });
      const attributes = {
        RULE_ARN: text(ruleArn),
        TARGET_ARN: text(target.arn),
        ERROR_CODE: text(code),
        ERROR_MESSAGE: text(error instanceof AwsError ? error.message : ''),
        RETRY_ATTEMPTS: text(String(letter.tries)),
      };
      await this.#world
        .deliver(principal, target.deadLetterArn, { body: JSON.stringify(letter.whole), attributes })
        .catch(() => undefined);
    }
  }
}
