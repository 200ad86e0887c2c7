/** The subscriptions of all topics: added, confirmed, removed, and forgotten when they are not confirmed. */
import { createHash } from 'node:crypto';
import { DAY } from '../../../../functions/core/basics/time.ts';
import { AwsError } from '../errors.ts';
import type { World } from '../types.ts';
import { checkFilter } from './filter.ts';
import type { Mail, Subscription } from './topic.ts';

/**
 * A subscription that is not confirmed is deleted after so long.
 * Source: AWS What's New, 10 May 2023, "automatic deletion of unconfirmed subscriptions".
 */
const UNCONFIRMED_FOR = 2 * DAY;

/** A subscription as SNS keeps it. */
export interface Kept {
  readonly arn: string;
  readonly topicArn: string;
  readonly subscription: Subscription;
  readonly state: 'confirmed' | 'waiting' | 'gone';
  /**
   * Confirmed by a signed request that asked for it: only such requests unsubscribe it.
   * Source: API reference, "ConfirmSubscription".
   */
  readonly isAuthenticated: boolean;
  readonly token: string;
  readonly since: number;
}

/** The subscriptions of all topics. */
export class Subscriptions {
  readonly #world: World;
  readonly #mail: (mail: Mail) => void;
  readonly #kept = new Map<string, Kept>();

  constructor(world: World, mail: (mail: Mail) => void) {
    this.#world = world;
    this.#mail = mail;
  }

  /**
   * Confirmed at once: by a service of the same account, or as if its owner had done it with a signed
   * request.
   */
  add(topicArn: string, subscription: Subscription): string {
    return this.#keep(topicArn, subscription, { state: 'confirmed', isAuthenticated: true });
  }

  /** An address that has to confirm first gets a mail that asks it to. */
  ask(topicArn: string, subscription: Subscription): string {
    const arn = this.#keep(topicArn, subscription, { state: 'waiting', isAuthenticated: false });
    const { token } = this.find(arn);
    const { region, clock } = this.#world;
    const query = new URLSearchParams({
      TopicArn: topicArn,
      Token: token,
      Endpoint: subscription.endpoint,
    });
    const link = `https://sns.${region}.amazonaws.com/confirmation.html?${query.toString()}`;
    const text =
      `You have chosen to subscribe to the topic:\n${topicArn}\n\n` +
      `To confirm this subscription, click or visit the link below:\n${link}\n`;
    this.#mail({
      at: clock.now(),
      topicArn,
      to: subscription.endpoint,
      subject: 'AWS Notification - Subscription Confirmation',
      text,
    });
    return arn;
  }

  /** Errors: AwsError for a token that belongs to no subscription, or is too old. */
  confirm(topicArn: string, token: string, isAuthenticated: boolean): string {
    const found = this.of(topicArn).find((one) => one.token === token && one.state !== 'gone');
    if (!found) throw new AwsError('InvalidParameter', 'Invalid parameter: Token');
    if (found.state === 'waiting')
      this.#kept.set(found.arn, { ...found, state: 'confirmed', isAuthenticated });
    return found.arn;
  }

  /** What is removed stays in lists as `Deleted` for a time; for how long is not documented. */
  remove(arn: string): void {
    this.#kept.set(arn, { ...this.find(arn), state: 'gone' });
  }

  /** A person follows a link of a mail, without a signature. Errors: AwsError. */
  visit(link: string): void {
    const { pathname, searchParams } = new URL(link);
    if (pathname === '/confirmation.html')
      this.confirm(searchParams.get('TopicArn') ?? '', searchParams.get('Token') ?? '', false);
    else if (this.find(searchParams.get('SubscriptionArn') ?? '').isAuthenticated)
      throw new AwsError('AuthorizationError', 'Unauthenticated unsubscribes are not allowed', 403);
    else this.remove(searchParams.get('SubscriptionArn') ?? '');
  }

  /** Those of one topic, the removed ones too, without those that were not confirmed in time. */
  of(topicArn: string): Kept[] {
    const now = this.#world.clock.now();
    for (const [arn, one] of this.#kept)
      if (one.state === 'waiting' && now - one.since >= UNCONFIRMED_FOR) this.#kept.delete(arn);
    return [...this.#kept.values()].filter((one) => one.topicArn === topicArn);
  }

  /** One that was not removed. Errors: AwsError. */
  find(arn: string): Kept {
    const found = this.#kept.get(arn);
    if (!found || found.state === 'gone') throw new AwsError('NotFound', 'Subscription does not exist', 404);
    return found;
  }

  #keep(topicArn: string, subscription: Subscription, how: Pick<Kept, 'state' | 'isAuthenticated'>): string {
    checkFilter(subscription);
    const arn = `${topicArn}:${this.#world.uuid()}`;
    const token = createHash('sha512').update(arn).digest('hex');
    this.#kept.set(arn, { arn, topicArn, subscription, token, since: this.#world.clock.now(), ...how });
    return arn;
  }
}
