import { FINDING_KINDS, Severity, type FindingKind } from '../../../functions/core/findings/findings.ts';
import { FINDING_RULES } from '../../../functions/core/findings/finding-rules.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Mail, PagerEvent } from '../runtime/outbox.ts';

/** One alert as it reached people on one channel. */
export interface Alert {
  readonly secret: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly channel: 'mail' | 'pager';
  readonly at: Instant;
  readonly resolvedAt: Instant | undefined;
}

/** Something that reached people: an alert, or the end of one. */
interface Notice extends Omit<Alert, 'severity' | 'resolvedAt'> {
  /** Undefined at the end. */
  readonly severity: Severity | undefined;
}

/** What reached people, each alert with its end, and ends that belong to no alert. */
export interface Heard {
  readonly alerts: readonly Alert[];
  readonly loose: readonly Notice[];
}

/** Reads mails and pages as their readers do: nothing else is known of the alerts. */
export function heardFrom(
  mails: readonly Mail[],
  pages: readonly PagerEvent[],
  secrets: readonly string[],
): Heard {
  const notices = [
    ...mails.map((mail) => fromMail(mail)),
    ...pages.map((page) => fromPage(page, secrets)),
  ].filter((notice) => notice !== undefined);
  const alerts: Alert[] = [];
  const loose: Notice[] = [];
  for (const { severity, ...notice } of notices) {
    const open = alerts.findIndex(
      (one) =>
        one.resolvedAt === undefined &&
        one.secret === notice.secret &&
        one.kind === notice.kind &&
        one.channel === notice.channel,
    );
    const alert = alerts[open];
    if (severity !== undefined) alerts.push({ ...notice, severity, resolvedAt: undefined });
    else if (alert) alerts[open] = { ...alert, resolvedAt: notice.at };
    else loose.push({ ...notice, severity });
  }
  return { alerts, loose };
}

/** `[critical] gitlab token billing/x: Rotation failed`. */
function fromMail({ subject, at }: Mail): Notice | undefined {
  const [, state, secret, title] = /^\[(\w+)\] \S+ token (\S+): (.+)$/.exec(subject) ?? [];
  const kind = FINDING_KINDS.options.find((one) => FINDING_RULES[one].title === title);
  if (secret === undefined || kind === undefined) return undefined;
  return { secret, kind, severity: Severity.safeParse(state).data, channel: 'mail', at };
}

/**
 * The dedup key is `keyturn/<account>/<region>/<installation>/<name>-<six characters>/<kind>`, with the
 * finding's subject behind it.
 */
function fromPage(
  { dedupKey, severity, action, at }: PagerEvent,
  secrets: readonly string[],
): Notice | undefined {
  const about = dedupKey.split('/').slice(4).join('/');
  const secret = secrets.find((name) => about.startsWith(`${name}-`));
  const kind = FINDING_KINDS.options.find(
    (one) => secret !== undefined && about.slice(secret.length).split('/').includes(one),
  );
  if (secret === undefined || kind === undefined || action === 'acknowledge') return undefined;
  return {
    secret,
    kind,
    severity: action === 'trigger' ? Severity.parse(severity) : undefined,
    channel: 'pager',
    at,
  };
}
