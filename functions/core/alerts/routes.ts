import * as z from 'zod';
import { Severity, isWorse, type Observation } from '../findings/findings.ts';
import { digestOf } from '../basics/names.ts';

/** A receiver of findings, as the settings name it: an address, or a queue by its ARN. */
export const Route = z.strictObject({
  to: z.string().min(1),
  /** Owners whose tokens it hears of, each from which severity on; undefined for all that there is. */
  owners: z.record(z.string(), Severity).optional(),
  /** The least severity that reaches a person there, for all owners. */
  minSeverity: Severity.optional(),
  /**
   * The topic that passes on what arrives there. It needs a subscription of its own, or no person is
   * notified.
   */
  on: z.string().optional(),
});
export type Route = z.infer<typeof Route>;

/** A subscription to a topic, as it is. */
export interface Subscription {
  readonly protocol: string;
  readonly endpoint: string;
  readonly state: 'confirmed' | 'waiting' | 'gone';
  /** False for one that a link in each of its mails ends, whoever follows it. */
  readonly isAuthenticated: boolean;
}

/** How a subscription stands: `kept`, or what is wrong with it. */
export type Standing = 'kept' | 'anybody' | 'waiting' | 'gone';

export function standingOf({ protocol, state, isAuthenticated }: Subscription): Standing {
  if (state !== 'confirmed') return state;
  return isMail(protocol) && !isAuthenticated ? 'anybody' : 'kept';
}

/** Whether messages go to an address as mail. */
export function isMail(protocol: string): boolean {
  return protocol === 'email' || protocol === 'email-json';
}

/** An address as others may read it: enough for its owner to know it. */
export function masked(endpoint: string): string {
  if (/^https?:/.test(endpoint)) return URL.parse(endpoint)?.host ?? 'a web server';
  const [, first = '', domain] = /^(.)[^@]*@(.+)$/u.exec(endpoint) ?? [];
  return domain === undefined ? (endpoint.split(':').at(-1) ?? endpoint) : `${first}…@${domain}`;
}

/**
 * Each of them is a note in the record of the installation, which holds few; of more only the number is told.
 */
const MOST_TOLD = 15;

const SEVERITIES = Severity.options.toReversed();

/**
 * What is wrong with the ways to people, and that there are none. One finding for each address or queue, and
 * one for each owner whose findings reach no person. `listeners` are the confirmed subscriptions of topics by
 * which others tell on.
 */
export function brokenRoutes(
  routes: readonly Route[],
  seen: readonly Subscription[],
  listeners: ReadonlyMap<string, number>,
): Observation[] {
  const best = bestOf(seen);
  const isHeard = ({ to, on }: Route): boolean =>
    best.get(to)?.state === 'confirmed' && (on === undefined || (listeners.get(on) ?? 0) > 0);
  const wrong = [
    ...routes
      .filter(({ to }) => !best.has(to) || best.get(to)?.state === 'gone')
      .map(({ to }) => fault(to, 'gone')),
    ...routes.flatMap(({ on }) =>
      on !== undefined && (listeners.get(on) ?? 0) === 0 ? [fault(on, 'unheard')] : [],
    ),
    ...[...best.values()].flatMap((one) => {
      const standing = standingOf(one);
      return standing === 'waiting' || standing === 'anybody' ? [fault(one.endpoint, standing)] : [];
    }),
  ];
  const unheard = ['', ...new Set(routes.flatMap(({ owners }) => Object.keys(owners ?? {})))].flatMap(
    (owner) => {
      const lost = SEVERITIES.filter(
        (severity) =>
          routes.some((one) => hears(one, owner, severity)) &&
          !routes.some((one) => hears(one, owner, severity) && isHeard(one)),
      );
      const mayCome = routes.some(
        (one) =>
          lost.some((severity) => hears(one, owner, severity)) && best.get(one.to)?.state === 'waiting',
      );
      return lost.length === 0 ? [] : [unreached(owner, lost, mayCome)];
    },
  );
  const isMissed =
    !hasSubscriber(routes) &&
    !seen.some(({ state, endpoint }) => state === 'confirmed' && !routes.some(({ to }) => to === endpoint));
  return bounded([...(isMissed ? [UNROUTED] : []), ...unheard, ...wrong]);
}

/** Whether the settings name anybody who hears of what is critical and has no route of its own. */
export function hasSubscriber(routes: readonly Route[]): boolean {
  return routes.some((one) => hears(one, '', 'critical'));
}

/** Not as bad as an address that was named and does not hear: whoever deployed it was warned. */
const UNROUTED: Observation = {
  kind: 'alert-subscription-unhealthy',
  subject: 'no-receiver',
  severity: 'warning',
  detail:
    'No route takes the findings whose owner has none, not even critical ones. Name an address, a ' +
    'pager or a chat room under alerts in keyturn.json, and deploy.',
};

/** An address that was removed and subscribed anew is listed twice. */
function bestOf(seen: readonly Subscription[]): Map<string, Subscription> {
  const rank = { confirmed: 2, waiting: 1, gone: 0 };
  const best = new Map<string, Subscription>();
  for (const one of seen) {
    const known = best.get(one.endpoint);
    if (!known || rank[one.state] > rank[known.state]) best.set(one.endpoint, one);
  }
  return best;
}

/** What has no route of its own goes to owner ''. */
function hears({ owners, minSeverity = 'info' }: Route, owner: string, severity: Severity): boolean {
  if (isWorse(minSeverity, severity)) return false;
  if (owners === undefined) return true;
  const from = Object.hasOwn(owners, owner) ? owners[owner] : undefined;
  return from !== undefined && !isWorse(from, severity);
}

type Fault = 'gone' | 'waiting' | 'anybody' | 'unheard';

const WORDS: Readonly<Record<Fault, string>> = {
  gone: 'is not notified: it is not subscribed any more, or never was',
  waiting: 'is not notified: its subscription waits to be confirmed',
  anybody:
    'can be unsubscribed by anybody who gets one of its mails, since it was confirmed without a signature',
  unheard: 'notifies no person: it has no subscription',
};

/**
 * The same subject for all that can be wrong with one of them: what anybody can end becomes worse once
 * somebody did.
 */
function fault(endpoint: string, what: Fault): Observation {
  return {
    kind: 'alert-subscription-unhealthy',
    subject: digestOf(endpoint, 8),
    severity: what === 'anybody' ? 'info' : 'warning',
    detail: `${masked(endpoint)} ${WORDS[what]}.`,
  };
}

/** SNS deletes an unconfirmed subscription after two days. Until then it may only be new. */
function unreached(owner: string, lost: readonly Severity[], mayCome: boolean): Observation {
  const about = owner === '' ? 'what has no route of its own' : owner;
  const detail =
    `No person is notified of ${about} at ${lost.join(', ')}: no subscription for it is ` +
    `confirmed${mayCome ? ' yet' : ''}.`;
  return {
    kind: 'alert-subscription-unhealthy',
    subject: owner === '' ? 'no-receiver' : `no-receiver/${owner}`,
    severity: mayCome ? 'warning' : 'critical',
    detail,
  };
}

function bounded(all: readonly Observation[]): Observation[] {
  const told = all.slice(0, MOST_TOLD);
  const rest = all.length - told.length;
  return rest === 0
    ? told
    : [
        ...told,
        {
          kind: 'alert-subscription-unhealthy',
          subject: 'others',
          severity: 'warning',
          detail: `${rest} more subscriptions are not as they should be: \`keyturn alerts list\` lists all.`,
        },
      ];
}
