import { DEFAULT_POLICY } from '../../functions/core/policy/policy.ts';
import { policyText } from '../../functions/core/policy/policy-input.ts';
import { TAGS } from '../../functions/core/policy/tags.ts';
import { code, table } from './markdown.ts';

const MEANINGS: Record<keyof typeof TAGS, string> = {
  installation: 'Required. Which installation looks after the secret.',
  issuer: 'Required. Who issues its credentials: an id from the [table of issuers](issuers.md).',
  owner: 'Required. Who is notified; alerts are routed by it.',
  environment: 'Where it is used.',
  purpose: 'What it is for, in words.',
  admin: "The admin secret to use, where the issuer's own is not meant.",
  field:
    "Where the token stands in the secret's JSON, where it is not the issuer's own field: " +
    '`gitlab.token`. See [where the token stands](secret-format.md#where-the-token-stands).',
  format:
    'What stands around the token in its field, or in a plain text: `Bearer {value}`. A tag has no ' +
    'braces: it says `@value@`.',
  rotateEvery: 'Rotate this long after the last rotation.',
  maxAge: 'No credential gets older. The backstop schedule is this and a day.',
  rotateBeforeExpiry: 'Rotate at the latest this long before the issuer lets it expire.',
  warnBefore:
    'Warn when this much is left and the rotation is late or cannot happen, and once more at each ' +
    'further one; several, separated by spaces.',
  minGrace: 'An old credential stays active at least this long after its successor became current.',
  maxGrace: 'After this long, its owner is notified that consumers still use the old one.',
  evidence:
    '`last-used`: the old one is revoked only when the issuer has seen no use of it for `unusedFor`, where ' +
    'it tells. `consumers`: only when every declared consumer has moved. `all`: both. `time`: grace is ' +
    'enough.',
  unusedFor: 'How long without use counts as unused.',
  cacheTtl: 'The longest time a consumer keeps a value it has read.',
  onMaxGrace: 'Without evidence at `maxGrace`: `keep` it and tell a person, or `revoke`.',
  rotationWindows:
    'When rotations may begin: days, hours and a time zone, like `mon-fri 09:00-17:00 Europe/Berlin`; ' +
    'several, separated by ` + `.',
  freezes:
    'When none may begin, days included: `2026-12-20..2027-01-05 Europe/Berlin`; several, separated by ' +
    '` + `.',
  jitter:
    'Rotations come up to this much earlier, differently for each token, so that many do not come at once.',
  maxLifetime:
    'The longest life asked of the issuer for a new credential, where it takes an expiry; `maxAge` ' +
    'unless told.',
  scopes:
    'What a credential may be allowed to do at most, separated by spaces. A wider grant is refused, a ' +
    'wider credential is a finding.',
  onInactive:
    'When the issuer refuses the current value before its time: `notify` a person, or `rotate` it too.',
  onMaxAge:
    'When a credential is as old as it may be and could not be replaced: `warn`, `page`, or `revoke` it.',
  rotateAfter:
    'The token that has to be rotated first: the name of its secret, or its ARN where another account ' +
    'has it.',
  soakTime: 'How long that one has to work, once rotated, before this one follows.',
  bakeTime: 'How long after a rotation a signal of `healthSignals` brings the previous credential back.',
  healthSignals:
    'CloudWatch alarms, by name, and own signals, as `event:NAME`, that tell whether consumers are ' +
    'well; several, separated by ` + `. See [health](policies.md#rollback-on-a-health-signal).',
  baselinePeriod: 'How long reads are watched before an unusual one is reported.',
  sensitivity: 'How easily an unusual read is reported: `off`, `low`, `normal` or `high`.',
  containmentDeadline: 'A leaked credential has to be replaced within this.',
  overlap:
    'Issuers that keep one value end the old one with the creation of the new one. `none` permits that ' +
    'consumers fail from then on until they have read the new value; without it such a token is not ' +
    'rotated.',
  onContainmentDeadline: 'When it is not: `page` a person, or `revoke` it although consumers break.',
  disableWait:
    'A leaked credential stays disabled so long before it is revoked, where its issuer can [disable ' +
    'it](leaks.md#disabled-first); `30d` at most. `0s`: it is revoked at once.',
};

const DEFAULTS = new Map<string, string | string[] | undefined>([
  ['environment', 'production'],
  ...Object.entries(policyText(DEFAULT_POLICY)),
]);

/** Every tag with its default, and the field of the manifest that says the same. */
export function tagsTable(): string {
  const rows = Object.entries(TAGS).map(([field, tag]) => [
    code(tag),
    code(field),
    written(DEFAULTS.get(field)),
    meaningOf(field),
  ]);
  return table(['Tag', 'Field in the manifest', 'Default', 'Means'], rows);
}

function meaningOf(field: string): string {
  return new Map(Object.entries(MEANINGS)).get(field) ?? '';
}

function written(value: string | string[] | undefined): string {
  if (value === undefined || value.length === 0) return '';
  return code(typeof value === 'string' ? value : value.join(' '));
}
