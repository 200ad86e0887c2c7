import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  brokenRoutes,
  masked,
  standingOf,
  type Route,
  type Subscription,
} from '../../../functions/core/alerts/routes.ts';

const QUEUE = 'arn:aws:sqs:eu-central-1:111122223333:keyturn-main-pager';
const ROOM = 'arn:aws:sns:eu-central-1:111122223333:keyturn-main-chat';

function mail(
  endpoint: string,
  state: Subscription['state'] = 'confirmed',
  isAuthenticated = state === 'confirmed',
): Subscription {
  return { protocol: 'email', endpoint, state, isAuthenticated };
}

function queue(state: Subscription['state'] = 'confirmed'): Subscription {
  return { protocol: 'sqs', endpoint: QUEUE, state, isAuthenticated: true };
}

function told(
  routes: readonly Route[],
  seen: readonly Subscription[],
  listeners: readonly (readonly [string, number])[] = [],
): string[] {
  return brokenRoutes(routes, seen, new Map(listeners)).map(
    ({ severity, detail }) => `${severity}: ${detail}`,
  );
}

describe('routes to people', () => {
  it('are as they should be when every subscription is confirmed, mail with a signature', () => {
    assert.deepEqual(
      told(
        [{ to: 'ops@example.com' }, { to: QUEUE, minSeverity: 'critical' }],
        [mail('ops@example.com'), queue()],
      ),
      [],
    );
  });

  it('are broken by what waits, what is gone or never was, and what anybody can end', () => {
    const routes = [
      { to: 'ops@example.com' },
      { to: 'sre@example.com' },
      { to: 'cto@example.com' },
      { to: 'a@example.com' },
    ];
    assert.deepEqual(
      told(routes, [
        mail('ops@example.com'),
        mail('sre@example.com', 'waiting'),
        mail('cto@example.com', 'confirmed', false),
        mail('a@example.com', 'gone'),
      ]),
      [
        'warning: a…@example.com is not notified: it is not subscribed any more, or never was.',
        'warning: s…@example.com is not notified: its subscription waits to be confirmed.',
        'info: c…@example.com can be unsubscribed by anybody who gets one of its mails, since it was ' +
          'confirmed without a signature.',
      ],
    );
    assert.equal(
      told([{ to: 'ops@example.com' }, { to: 'sre@example.com' }], [mail('ops@example.com')]).length,
      1,
    );
  });

  it('of others count as long as they wait or can be ended, not once they are gone', () => {
    const routes = [{ to: 'ops@example.com' }];
    const extra = {
      protocol: 'https',
      endpoint: 'https://hooks.example.com/a?key=value',
      state: 'waiting',
      isAuthenticated: false,
    } as const;
    assert.deepEqual(told(routes, [mail('ops@example.com'), extra, mail('old@example.com', 'gone')]), [
      'warning: hooks.example.com is not notified: its subscription waits to be confirmed.',
    ]);
  });

  it('that were removed and subscribed anew are as the better of the two', () => {
    for (const seen of [
      [mail('ops@example.com', 'gone'), mail('ops@example.com')],
      [mail('ops@example.com'), mail('ops@example.com', 'waiting')],
    ])
      assert.deepEqual(told([{ to: 'ops@example.com' }], seen), []);
  });

  it('keep one finding for one address, which becomes worse when what anybody could end was ended', () => {
    const [open] = brokenRoutes(
      [{ to: 'ops@example.com' }, { to: QUEUE }],
      [mail('ops@example.com', 'confirmed', false), queue()],
      new Map(),
    );
    const [gone] = brokenRoutes([{ to: 'ops@example.com' }, { to: QUEUE }], [queue()], new Map());
    assert.deepEqual([open?.severity, gone?.severity, open?.subject], ['info', 'warning', gone?.subject]);
  });
});

describe('that no person is notified', () => {
  it('is critical when no receiver is left, and not yet while one of them may still confirm', () => {
    const routes = [{ to: 'ops@example.com' }];
    assert.equal(
      told(routes, [])[0],
      'critical: No person is notified of what has no route of its own at critical, warning, info: no ' +
        'subscription for it is confirmed.',
    );
    assert.equal(
      told(routes, [mail('ops@example.com', 'waiting')])[0],
      'warning: No person is notified of what has no route of its own at critical, warning, info: no ' +
        'subscription for it is confirmed yet.',
    );
  });

  it('is told by owner and severity, and a pager hears what is critical', () => {
    const routes: Route[] = [
      { to: 'bill@example.com', owners: { 'team-billing': 'warning' } },
      { to: QUEUE, minSeverity: 'critical' },
    ];
    const [first, ...others] = brokenRoutes(routes, [queue()], new Map());
    assert.deepEqual(
      [first?.subject, first?.severity, first?.detail, others.length],
      [
        'no-receiver/team-billing',
        'critical',
        'No person is notified of team-billing at warning: no subscription for it is confirmed.',
        1,
      ],
    );
    assert.deepEqual(
      told(routes, [queue(), mail('bill@example.com')]),
      [],
      'no receiver of the small ones is as the settings want it',
    );
  });

  it('is not so while somebody hears everything', () => {
    const routes: Route[] = [
      { to: 'ops@example.com' },
      { to: 'bill@example.com', owners: { 'team-billing': 'info' } },
    ];
    assert.deepEqual(told(routes, [mail('ops@example.com')]), [
      'warning: b…@example.com is not notified: it is not subscribed any more, or never was.',
    ]);
  });

  it(
    'is reported where the settings name no receiver, and where they name only owners that have routes ' +
      'of their own',
    () => {
      const words =
        'warning: No route takes the findings whose owner has none, not even critical ones. Name an ' +
        'address, a pager or a chat room under alerts in keyturn.json, and deploy.';
      assert.deepEqual(told([], []), [words]);
      assert.deepEqual(told([], [mail('a@example.com', 'waiting')])[0], words);
      assert.deepEqual(told([], [mail('by-hand@example.com')]), [], 'somebody subscribed by hand');
      const owned: Route[] = [{ to: 'bill@example.com', owners: { 'team-billing': 'info' } }];
      assert.deepEqual(told(owned, [mail('bill@example.com')]), [words]);
      assert.deepEqual(
        told(
          [{ to: 'bill@example.com', owners: { 'team-billing': 'info', '': 'critical' } }],
          [mail('bill@example.com')],
        ),
        [],
      );
    },
  );

  it('is so of a room without a subscription', () => {
    const routes: Route[] = [{ to: QUEUE, on: ROOM }];
    assert.deepEqual(told(routes, [queue()], [[ROOM, 1]]), []);
    assert.deepEqual(told(routes, [queue()], [[ROOM, 0]]), [
      'critical: No person is notified of what has no route of its own at critical, warning, info: no ' +
        'subscription for it is confirmed.',
      'warning: keyturn-main-chat notifies no person: it has no subscription.',
    ]);
  });

  it('of very many is reported the first, with how many more there are', () => {
    const routes = Array.from({ length: 40 }, (_, index) => ({ to: `a${index}@example.com` }));
    const all = brokenRoutes(routes, [], new Map());
    assert.deepEqual(
      [all.length, all[0]?.subject, all.at(-1)?.detail],
      [
        16,
        'no-receiver',
        '26 more subscriptions are not as they should be: `keyturn alerts list` lists all.',
      ],
    );
  });
});

it('an address is shown so that only its owner recognizes it', () => {
  assert.deepEqual(
    ['ops@example.com', QUEUE, 'https://user:pass@hooks.example.com/x?y=z', 'https://', 'plain'].map(masked),
    ['o…@example.com', 'keyturn-main-pager', 'hooks.example.com', 'a web server', 'plain'],
  );
});

it('only mail can be ended by a link', () => {
  assert.deepEqual(
    [
      mail('a@b.c', 'confirmed', false),
      { ...queue(), isAuthenticated: false },
      mail('a@b.c', 'waiting'),
      mail('a@b.c'),
    ].map(standingOf),
    ['anybody', 'kept', 'waiting', 'kept'],
  );
});
