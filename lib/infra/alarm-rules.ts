interface AlarmRule {
  readonly title: string;
  /** What breaks, or will. */
  readonly impact: string;
  readonly action: string;
  /** The anchor of its section in the runbook. */
  readonly runbook: `runbook-${string}`;
}

/**
 * Every alarm of an installation. One without impact, action and runbook section does not compile; the
 * runbook is checked against this table.
 */
export const ALARM_RULES = {
  'dead-letters': {
    title: 'Messages wait in a dead-letter queue',
    impact:
      "A request was not carried out, or an alert or a page reached no person. The sweep's own " +
      'commands are not among them: it sends them again.',
    action:
      'Find the queue that is not empty, read the error in the log of its function, mend it, then move ' +
      'the messages back.',
    runbook: 'runbook-alarm-dead-letters',
  },
  'provider-errors': {
    title: 'Functions of providers fail',
    impact: 'Tokens may not be rotated or retired; current tokens work until they expire.',
    action: 'Read the errors in the logs of the rotate and worker functions.',
    runbook: 'runbook-alarm-provider-errors',
  },
  'core-errors': {
    title: 'The sweep, reconcile, alert or pager function fails',
    impact:
      'For some tokens or for all, nothing new is started, found or told until it succeeds; current ' +
      'tokens work until they expire.',
    action: 'Read the errors in the logs of these functions.',
    runbook: 'runbook-alarm-core-errors',
  },
  'sweep-silent': {
    title: 'The sweep does not finish',
    impact:
      'No token is rotated, retired or watched; current tokens work until they expire, without a warning.',
    action:
      'Check that the schedule is enabled, and read the log of the sweep function. The alarm also ' +
      'shows for a few minutes after a first deployment.',
    runbook: 'runbook-alarm-sweep-silent',
  },
  'alerts-silent': {
    title: 'The alert function does not finish',
    impact: 'Digests and reminders are not sent; it may be that no finding is told at all.',
    action:
      'Check that the schedule keyturn-<installation>-alert is enabled, and read the log of the alert ' +
      'function.',
    runbook: 'runbook-alarm-alerts-silent',
  },
  'measure-silent': {
    title: 'The measure function does not finish',
    impact: 'The dashboard stands still: what expires, is overdue or is unused is not counted any more.',
    action:
      'Check that the schedule keyturn-<installation>-measure is enabled, and read the log of the ' +
      'measure function.',
    runbook: 'runbook-alarm-measure-silent',
  },
  'canary-silent': {
    title: 'Canaries do not arrive',
    impact:
      'Findings may reach no address: what goes their way once a day got lost twice, or reconcile, which ' +
      'sends it, does not run.',
    action:
      'Look along the way: reconcile, bus, rule, queue and alert function, canary topic, queue of ' +
      'reconcile. Until it is mended, look yourself: keyturn status.',
    runbook: 'runbook-alarm-canary-silent',
  },
  'commands-late': {
    title: 'Commands are not carried out',
    impact:
      'Old credentials are not revoked, failed rotations are not repaired and requests wait, for one ' +
      'provider or for all.',
    action: 'Read the logs of the worker functions; check that their event source mappings are enabled.',
    runbook: 'runbook-alarm-commands-late',
  },
  throttles: {
    title: 'Functions are throttled',
    impact: 'Rotations stop between two steps and are repeated; a sweep may be left out.',
    action: "Raise the account's Lambda concurrency, or lower maxConcurrentRotations in keyturn.json.",
    runbook: 'runbook-alarm-throttles',
  },
  'alerts-late': {
    title: 'Alerts are not delivered',
    impact: 'Findings wait in the queue of the alert function: owners are not notified of expiring tokens.',
    action:
      'Read the errors in the log of the alert function; check that its event source mapping is enabled.',
    runbook: 'runbook-alarm-alerts-late',
  },
} as const satisfies Record<string, AlarmRule>;

export type AlarmKind = keyof typeof ALARM_RULES;
