import { DEFAULT_POLICY } from '../../functions/core/policy.ts';
import { TAGS } from '../../functions/core/tags.ts';
import { formatDuration } from '../../functions/core/time.ts';
import { code, table } from './markdown.ts';

const MEANINGS: Record<keyof typeof TAGS, string> = {
  installation: 'Required. Which installation looks after the secret.',
  provider: 'Required. Whose credentials it holds: an id from the table of providers.',
  owner: 'Required. Who hears of it; alerts are routed by it.',
  environment: 'Where it is used.',
  purpose: 'What it is for, in words.',
  admin: "The admin secret to use, where the provider's own is not meant.",
  rotateEvery: 'Rotate this long after the last rotation.',
  maxAge: 'No credential lives longer. The backstop schedule is this and a day.',
  rotateBeforeExpiry: 'Rotate at the latest this long before the issuer lets it expire.',
  warnBefore: 'Warn when this much is left and the rotation is late; several, separated by spaces.',
  graceLeast: 'An old credential lives at least this long after its successor became current.',
  graceMost: 'After this long, a person hears that consumers still use the old one.',
  evidence: '`last-used`: the old one dies only when the issuer has seen no use of it for `quiet`, where it tells. `time`: grace is enough.',
  quiet: 'How long without use counts as unused.',
  cache: 'The longest time a consumer keeps a value it has read.',
  atMostGrace: 'Without evidence at `graceMost`: `hold` and tell a person, or `revoke`.',
};

type Value = string | number | readonly number[];

const DEFAULTS = new Map<string, Value>([['environment', 'production'], ...Object.entries(DEFAULT_POLICY)]);

/** Every tag with its default, and the field of the manifest that says the same. */
export function tagsTable(): string {
  const rows = Object.entries(TAGS).map(([field, tag]) => [code(tag), code(field), written(DEFAULTS.get(field)), meaningOf(field)]);
  return table(['Tag', 'Field in the manifest', 'Default', 'Means'], rows);
}

function meaningOf(field: string): string {
  return new Map(Object.entries(MEANINGS)).get(field) ?? '';
}

function written(value: Value | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return code(formatDuration(value));
  return code(typeof value === 'string' ? value : value.map(formatDuration).join(' '));
}
