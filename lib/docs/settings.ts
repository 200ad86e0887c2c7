import * as z from 'zod';
import { parseSettings, settingsSchema } from '../infra/settings.ts';
import { code, table } from './markdown.ts';

/** What each setting means; a test holds the keys against the schema. */
export const MEANINGS: Readonly<Record<string, string>> = {
  installation:
    'Tells installations in one account apart; part of every name, marker and tag. It has no `-rotate` or ' +
    '`-worker` in it. Keep it: a new name ' +
    'is a new installation.',
  issuers:
    'Required. The [issuers](issuers.md) that are deployed, each with its options, as `{"gitlab": {}, ' +
    '"okta": {"allowedHosts": ["login.example.com"]}}`. An issuer that is not named gets no functions.',
  nestedStacks:
    'Whether each issuer has a [nested stack](deploy.md#many-issuers) of its own, for more issuers than ' +
    'one stack holds. Choose before the first deployment: a deployed installation cannot change it.',
  'issuers.<id>.allowedHosts':
    "Hosts that its credentials may be sent to. Without it, the vendor's own hosts. What operators " +
    'confirmed with `keyturn confirm-host` comes on top; an admin secret alone opens no host.',
  'issuers.<id>.file':
    'The file that declares an [issuer of your own](own-issuer.md), YAML or JSON, relative to the settings ' +
    'file. Its id begins with `own-`, and it needs `allowedHosts`: nothing else names its hosts.',
  'issuers.<id>.maxConcurrentRotations':
    'Its rotations under way at once, where the [default](scale.md) does not suit.',
  'issuers.<id>.maxConcurrency':
    'Its commands carried out at once, 2 or more, where the [default](scale.md) does not suit.',
  'delivery.kinds':
    'Kinds of consumers whose destinations stand in delivery secrets (`webhook`, `github`, ' +
    '`gitlab-variable`, `kubernetes`), and `event` for the bus.',
  'delivery.ecs':
    'Which tokens may have which ECS services deployed anew: `[{"secret": "prod/billing/*", "target": ' +
    '"prod/billing-*"}]`, the target being cluster and service.',
  'delivery.lambda': 'Which tokens may have which functions invoked, written the same way.',
  'delivery.secret':
    'Which tokens may have their value put into which fields of [other secrets]' +
    '(consumers.md#putting-the-value-into-another-secret): ' +
    '`[{"secret": "prod/billing/*", "target": "prod/app:*"}]`, the target being name and field.',
  'delivery.hosts': 'Hosts that values may be sent to; without them, those that the delivery secrets name.',
  'policies.all':
    'The policy of tokens that state none, field by field as in a manifest: `{"rotationWindows": ' +
    '["mon-fri 09:00-17:00 Europe/Berlin"]}`.',
  'policies.issuers': 'The same by issuer; wins over `all`.',
  'policies.environments':
    'The same by environment; wins over both. What a token states itself wins over everything.',
  'alerts.emails':
    'Who gets mail of everything, alarms included. Each address has to confirm a mail from AWS first.',
  'alerts.digest':
    'When what is not critical is told: one mail a day for each owner, at a time of day in a time ' +
    'zone. `off`: one mail each, at once.',
  'alerts.quietHours':
    'Hours in which only what is critical is told, like `["daily 20:00-08:00 Europe/Berlin", "sat sun ' +
    '00:00-24:00 Europe/Berlin"]`.',
  'alerts.routes':
    'Who gets mail of one owner only, as `[{"owner": "team-billing", "emails": ' +
    '["billing@example.com"], "minSeverity": "warning"}]`. `minSeverity` is the lowest severity that ' +
    'is sent, `info` by default.',
  'alerts.fallbackOwner': 'Whose addresses are also notified of tokens of owners without a route.',
  'alerts.escalateAfter':
    'People are reminded of a critical finding after this long, then after twice as long each time, ' +
    'until a person acknowledges it with `keyturn ack`. `15m` to `7d`, or `off`.',
  'alerts.escalateTo': 'Who gets these reminders, besides those who got the alert.',
  'alerts.chat.slack.workspaceId':
    'A Slack workspace that was authorised for Amazon Q Developer in chat applications. `"chat": {}` ' +
    'alone makes the topic, for Teams or a channel that you configure yourself.',
  'alerts.chat.slack.channelId': 'The channel in it.',
  'alerts.alarms':
    'Whether CloudWatch alarms watch Keyturn itself. Set `false` only where something else does.',
  'pager.secretName':
    'Name of the secret with the PagerDuty routing key (Events API v2). Leave `pager` out for no pager.',
  'pager.url':
    'Where events are sent; `https://events.eu.pagerduty.com/v2/enqueue` for an account in the EU ' +
    'service region.',
  'discovery.owners': 'Who may own tokens. With any given, a token of another owner is a finding.',
  'discovery.prefixes': 'Secrets whose names begin so hold tokens, and have to be registered.',
  'discovery.ignore': 'Secrets whose names begin so do not.',
  'discovery.unusedAfter':
    'A token without use at its issuer, or with a trail without a read, for so long is a finding.',
  'discovery.reviewEvery':
    'How often a person has to approve each token again, such as `180d`. Without it, never.',
  'leaks.sources':
    'Sources of the [events](leaks.md) of your own scanners. Without one, leaks are reported by people ' +
    'alone.',
  'leaks.github.webhookSecret':
    'Name of the secret with the text that GitHub signs its deliveries with. Leave `leaks.github` out ' +
    'for no [webhook](leaks.md), and no public URL.',
  'leaks.github.tokenSecret':
    'Name of the secret with a GitHub token that may read secret scanning alerts of these ' +
    'repositories, and nothing else.',
  'leaks.github.apiUrl': 'Where it is asked.',
  'leaks.rateLimit.max':
    'So many leaks that scanners report are answered by themselves; those that come after them within ' +
    '`leaks.rateLimit.per` wait for a person.',
  'leaks.rateLimit.per': 'See `leaks.rateLimit.max`: `1m` to `24h`.',
  'detection.trail':
    'Whether [detection](detection.md) watches CloudTrail. It needs a trail that logs management ' +
    'events, reads included.',
  dashboard: 'Whether there is a dashboard in CloudWatch, `keyturn-main-<region>`.',
  sweepInterval: 'How often due work is started: `1m` to `6h`.',
  reconcileInterval:
    'How often all secrets are held against the inventory: `5m` to `4h`. An old credential stays active ' +
    'until a pass that began after the decision to revoke it.',
  maxConcurrentRotations:
    'Rotations under way at once, of all issuers; the others wait. At most five are started a second.',
  'vpc.subnetIds':
    'Subnets for the functions that talk to issuers inside a private network. They need a way to AWS: ' +
    'NAT or VPC endpoints.',
  'vpc.securityGroupIds': 'Their security groups.',
  caBundleFile:
    'A PEM file with the certificates of a private authority that signs issuers, relative to the ' +
    'settings file.',
  secretKmsKeyArns:
    'Customer managed keys under which token, admin or pager secrets are stored, or secrets that values ' +
    'are delivered into.',
  'staging.forwardTo':
    'Buses of other installations, by ARN, that are notified of what becomes of the tokens here; see ' +
    '[staging across accounts](policies.md#staging-across-accounts).',
  'staging.acceptFrom': 'Accounts whose installations may tell this one what becomes of their tokens.',
  'retention.logDays': 'How long logs are kept, in days.',
  'retention.removalPolicy': 'What `cdk destroy` does with the table and both keys: `retain` or `destroy`.',
  'reuse.dataKeyArn': 'The data key an earlier deployment left.',
  'reuse.hmacKeyArn': 'The sealing key an earlier deployment left: without it, its seals mean nothing.',
  runbookUrl:
    'Where you keep the [runbook](runbook.md): the page whose sections alerts and alarms link to, like ' +
    '`https://git.example.com/keyturn/docs/runbook.md`. Without it they name the section of ' +
    '`docs/runbook.md`.',
};

const Node = z.object({
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
});

/** The dotted paths of every setting that can be written. */
export function settingPaths(): string[] {
  return pathsIn(settingsSchema(), '');
}

function pathsIn(schema: unknown, prefix: string): string[] {
  const node = Node.safeParse(schema).data;
  const properties = node?.properties;
  if (properties === undefined) return [prefix, ...chosenPathsIn(node?.additionalProperties, prefix)];
  return Object.entries(properties).flatMap(([key, inner]) =>
    pathsIn(inner, prefix === '' ? key : `${prefix}.${key}`),
  );
}

/** Paths below a key that people choose, where there are names below it. */
function chosenPathsIn(schema: unknown, prefix: string): string[] {
  const hasNames = Node.safeParse(schema).data?.properties !== undefined;
  return hasNames ? pathsIn(schema, `${prefix}.<id>`) : [];
}

export function settingsTable(): string {
  const { issuers: _named, ...defaults } = parseSettings({ issuers: { gitlab: {} } });
  return table(
    ['Setting', 'Default', 'Means'],
    settingPaths().map((path) => [code(path), defaultOf(path, defaults), MEANINGS[path] ?? '']),
  );
}

const Fields = z.record(z.string(), z.unknown());

function defaultOf(path: string, defaults: unknown): string {
  const value = path.split('.').reduce<unknown>((at, key) => Fields.safeParse(at).data?.[key], defaults);
  return value === undefined ? '' : code(JSON.stringify(value));
}
