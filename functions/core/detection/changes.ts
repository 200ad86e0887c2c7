import type { Severity } from '../findings/findings.ts';
import { TAGS } from '../policy/tags.ts';
import { outsidersIn } from './policy-principals.ts';
import type { Parameters, TrailEvent } from './trail-event.ts';
import { type Changing, WATCHED } from './watched-calls.ts';

/** One thing that a call changed about a secret. */
export interface Change {
  /** `value`, `labels`, `description`, `key`, `policy`, `replicas`, `tags`, or a tag of Keyturn's own. */
  readonly subject: string;
  readonly severity: Severity;
  /** What was done, in words that follow who did it. */
  readonly what: string;
}

interface Call {
  readonly parameters: Parameters;
  /** The version that the answer says was made; null where there was no answer to read. */
  readonly versionId: string | null | undefined;
  readonly account: string;
}

const OWN_TAGS = 'keyturn:';
const SETTINGS: ReadonlySet<string> = new Set(Object.values(TAGS));
/** What a caller named is shown up to here. */
const SHOWN = 6;

/**
 * What each call changes, by its parameters and its answer. A watched call without a row does not compile.
 */
const CHANGES: Readonly<Record<Changing, (call: Call) => Change[]>> = {
  PutSecretValue: ({ parameters: { versionStages } }) => [storedUnder(versionStages ?? ['AWSCURRENT'])],
  UpdateSecret: updated,
  UpdateSecretVersionStage: ({ parameters }) => [labelMoved(parameters)],
  PutResourcePolicy: ({ parameters: { resourcePolicy }, account }) => [policySet(resourcePolicy, account)],
  DeleteResourcePolicy: () => [
    { subject: 'policy', severity: 'warning', what: 'removed its resource policy' },
  ],
  TagResource: ({ parameters: { tags } }) =>
    tagged(
      (tags ?? []).map((one) => ({ key: one.key ?? '', set: `set to ${shown(one.value ?? '')}` })),
      'changed',
    ),
  UntagResource: ({ parameters: { tagKeys } }) =>
    tagged(
      (tagKeys ?? []).map((key) => ({ key, set: 'removed' })),
      'removed',
    ),
  ReplicateSecretToRegions: ({ parameters, account }) => [copied(parameters, account)],
  RemoveRegionsFromReplication: ({ parameters: { removeReplicaRegions } }) => [
    {
      subject: 'replicas',
      severity: 'warning',
      what: `removed its copies in ${listed(removeReplicaRegions ?? [])}`,
    },
  ],
  StopReplicationToReplica: () => [
    {
      subject: 'replicas',
      severity: 'warning',
      what: 'made a copy of it a secret of its own, which rotation does not reach',
    },
  ],
};

/** What a call changed, or nothing. Names that callers chose are shown short and plain. */
export function changesIn(
  { eventName, requestParameters, responseElements }: TrailEvent['detail'],
  account: string,
): Change[] {
  const call: Call = {
    parameters: requestParameters ?? {},
    versionId: responseElements ? responseElements.versionId : null,
    account,
  };
  return isChanging(eventName) ? CHANGES[eventName](call) : [];
}

function isChanging(name: string): name is Changing {
  return (
    new Map<string, string>(Object.entries(WATCHED['secretsmanager.amazonaws.com'])).get(name) === 'changed'
  );
}

function storedUnder(labels: readonly string[]): Change {
  if (labels.includes('AWSCURRENT'))
    return {
      subject: 'value',
      severity: 'warning',
      what: 'stored another value, which is current from then on',
    };
  return { subject: 'labels', severity: 'warning', what: `stored a value under ${listed(labels)}` };
}

/**
 * UpdateSecret changes what its parameters name. It made a version, and so changed the value, where its
 * answer tells a `versionId` (Secrets Manager API Reference, "UpdateSecret"); without an answer to read it
 * may have.
 */
function updated({ parameters, versionId, account }: Call): Change[] {
  const { description, kmsKeyId, secretString, secretBinary } = parameters;
  const told: Change[] = [];
  if (versionId || secretString === true || secretBinary === true) told.push(storedUnder(['AWSCURRENT']));
  else if (versionId === null && description !== true && !kmsKeyId)
    told.push({ subject: 'value', severity: 'warning', what: 'updated it, perhaps its value' });
  if (kmsKeyId) told.push(rekeyed(kmsKeyId, account));
  if (description === true)
    told.push({ subject: 'description', severity: 'info', what: 'changed its description' });
  return told;
}

/**
 * A key of another account is named by its ARN or an alias's ARN; what is no ARN is of this account (Secrets
 * Manager API Reference, "UpdateSecret").
 */
function rekeyed(key: string, account: string): Change {
  const owner = ownerOf(key);
  if (owner === undefined || owner === account)
    return { subject: 'key', severity: 'warning', what: `put it under the KMS key ${shown(key)}` };
  return {
    subject: 'key',
    severity: 'critical',
    what:
      `put it under ${shown(key)}, a KMS key of the foreign account ${owner}, which decides from now on ` +
      'who can read it',
  };
}

function ownerOf(key: string): string | undefined {
  return /^arn:[a-z-]+:kms:[a-z0-9-]*:(\d{12}):/.exec(key)?.[1];
}

/** A person's label moves only itself; those of Secrets Manager and of Keyturn say which value is whose. */
function labelMoved({ versionStage, moveToVersionId }: Parameters): Change {
  const label = versionStage ?? '';
  const named = label === '' ? 'a label' : `the label ${shown(label)}`;
  const what = moveToVersionId
    ? `moved ${named} to the version ${shown(moveToVersionId)}`
    : `took ${named} off a version`;
  const isTheirs = label !== '' && !label.startsWith('AWS') && !label.startsWith('keyturn-');
  return {
    subject: label === 'AWSCURRENT' ? 'value' : 'labels',
    severity: isTheirs ? 'info' : 'warning',
    what,
  };
}

function policySet(text: string | null | undefined, account: string): Change {
  const outsiders = outsidersIn(text, account);
  if (!outsiders.known || outsiders.who.length === 0)
    return { subject: 'policy', severity: 'warning', what: 'changed its resource policy' };
  const who = outsiders.who.includes('*') ? 'everybody' : `others: ${listed(outsiders.who)}`;
  return {
    subject: 'policy',
    severity: 'critical',
    what: `changed its resource policy, which now lets in ${who}`,
  };
}

/**
 * Keyturn's own tags say who looks after a secret, how, and whether anybody is told: each is named, and more
 * than a note.
 */
function tagged(tags: readonly { key: string; set: string }[], verb: string): Change[] {
  const own = tags.filter(({ key }) => key.toLowerCase().startsWith(OWN_TAGS));
  const others = tags.filter((one) => !own.includes(one)).map(({ key }) => key);
  const settings = own.map(({ key, set }): Change => ({
    subject: shown(key),
    severity: 'warning',
    what:
      `changed how Keyturn looks after it: ${SETTINGS.has(key) ? 'the setting' : 'the tag'} ` +
      `${shown(key)} was ${set}`,
  }));
  const plain =
    others.length > 0 || own.length === 0
      ? [{ subject: 'tags', severity: 'info', what: `${verb} its tags ${listed(others)}` } satisfies Change]
      : [];
  return [...settings, ...plain];
}

function copied({ addReplicaRegions }: Parameters, account: string): Change {
  const replicas = addReplicaRegions ?? [];
  const foreign = replicas
    .map((one) => ownerOf(one.kmsKeyId ?? ''))
    .filter((owner) => owner !== undefined && owner !== account);
  const what =
    'copied it into ' +
    (replicas.length === 0 ? 'another Region' : listed(replicas.map((one) => one.region ?? '')));
  if (foreign.length === 0) return { subject: 'replicas', severity: 'warning', what };
  return {
    subject: 'replicas',
    severity: 'critical',
    what: `${what}, under a KMS key of the foreign account ${foreign[0]}`,
  };
}

function listed(names: readonly string[]): string {
  const some = names.slice(0, SHOWN).map(shown).join(', ');
  return names.length > SHOWN ? `${some} and ${names.length - SHOWN} more` : some || 'none';
}

/** A caller chose it: short, and nothing in it that is no part of a name. */
function shown(text: string): string {
  return text.replaceAll(/[^\w+=,.@:/ -]/g, '_').slice(0, 120);
}
