import { SUBMITTED_LABEL } from '../basics/names.ts';
import { TAGS } from '../policy/tags.ts';
import type { Parameters, TrailEvent } from './trail-event.ts';
import { type Changing, WATCHED } from './watched-calls.ts';
import { type Change, listed, shown } from './change.ts';
import { rekeyed, policySet, copied } from './foreign-access.ts';

interface Call {
  readonly parameters: Parameters;
  /** The version that the answer says was made; null where there was no answer to read. */
  readonly versionId: string | null | undefined;
  readonly account: string;
}

const OWN_TAGS = 'keyturn:';

const SETTINGS: ReadonlySet<string> = new Set(Object.values(TAGS));

/**
 * What each call changes, by its parameters and its answer. A watched call without a row does not compile.
 */
const CHANGES: Readonly<Record<Changing, (call: Call) => Change[]>> = {
  PutSecretValue: ({ parameters: { versionStages } }) => storedBy(versionStages ?? ['AWSCURRENT']),
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

/** A value that was submitted is asked about before it is used, and nothing reads it until then. */
function storedBy(labels: readonly string[]): Change[] {
  const isSubmitted = labels.length > 0 && labels.every((label) => label === SUBMITTED_LABEL);
  return isSubmitted ? [] : [storedUnder(labels)];
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
