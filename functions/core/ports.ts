import type { SeenClock } from './clocks.ts';
import type { Command, DeliverCommand } from './commands.ts';
import type { ConsumerKind } from './delivery/consumers.ts';
import type { Baseline } from './detection/baseline.ts';
import type { Reading } from './detection/readers.ts';
import type { Fact } from './events.ts';
import type { Reader } from './delivery/evidence.ts';
import type { Estate } from './estate.ts';
import type { Permits } from './permits.ts';
import type { PolicyDefaults } from './policy.ts';
import type { Watcher } from './health.ts';
import type { Canary } from './alerts/canary.ts';
import type { Notice, Waiting, WaitingList } from './alerts/notices.ts';
import type { Probe, Provider, ProviderDescriptor, Reach, Session } from './provider.ts';
import type { Subscription } from './alerts/routes.ts';
import type { ReplicaState } from './replicas.ts';
import type { Secret } from './secret.ts';
import type { Startable, UnderWay } from './starts.ts';
import type { Tags } from './tags.ts';
import type { Token } from './token.ts';
import type { Hearsay } from './upstreams.ts';
import type { Instant, Millis } from './time.ts';

/** A secret as DescribeSecret shows it: everything but values. */
export interface SecretDescription {
  readonly arn: string;
  readonly name: string;
  readonly tags: Tags;
  readonly rotationEnabled: boolean;
  /** The ARN of the function that rotates it. */
  readonly rotationFunction?: string;
  /** Version ids with their staging labels; versions without labels are not listed. */
  readonly versions: ReadonlyMap<string, readonly string[]>;
  readonly deletedAt?: Instant;
  /** When Secrets Manager itself dates the end of its last rotation. */
  readonly rotatedAt?: Instant;
  /** Set when this is a replica of a secret in another Region. */
  readonly primaryRegion?: string;
  /** The AWS service that manages the secret, if one does. */
  readonly owningService?: string;
  /** The managed-external-secret type, if it is one. */
  readonly externalType?: string;
  /** Its copies in other Regions; none for most secrets. */
  readonly replicas: readonly ReplicaState[];
}

/** Which version of an admin secret is read. */
export type AdminLabel = 'AWSCURRENT' | 'AWSPREVIOUS';

/** AWS Secrets Manager. Errors: `not-found`, `conflict` when a label is not where it was said to be, `aws-failed`. */
export interface SecretStore {
  describe(secretId: string): Promise<SecretDescription>;
  /** The text of one version; undefined when the version does not exist or has no value yet. */
  read(secretId: string, versionId: string): Promise<Secret | undefined>;
  /** Stores the text under the pending version. Storing the same text again is a success; another text there is `conflict`. */
  putPending(
    secretId: string,
    versionId: string,
    text: Secret,
    rotationToken: Secret | undefined,
  ): Promise<void>;
  /**
   * Whether the secret takes another version: stores a text of a length under the label {@link CANARY_LABEL}, then takes the label off. The text holds nothing of the secret's.
   * Errors: as `putPending`.
   */
  tryStore(secretId: string, versionId: string, length: number): Promise<void>;
  /** Moves, sets (`from` undefined) or removes (`to` undefined) a staging label; `conflict` unless it is on `from` now. */
  moveLabel(
    secretId: string,
    label: string,
    move: { from: string | undefined; to: string | undefined },
  ): Promise<void>;
  /** Asks Secrets Manager to rotate, under this ClientRequestToken. */
  startRotation(secretId: string, requestToken: string): Promise<void>;
  /** Switches rotation off and stops one that runs; what it left pending is not touched. Off already is a success. */
  stopRotation(secretId: string): Promise<void>;
  /** The text of an admin secret's current version, or of the one before, by name. Errors: `admin-missing`. */
  readAdmin(name: string, label?: AdminLabel): Promise<Secret>;
  /** ARNs of every admin secret, whatever its tags. */
  admins(): AsyncIterable<string>;
  /** ARNs of every secret tagged for the installation, scheduled deletions included, page by page; from the page that `from` names. */
  list(installation: string, from?: string): AsyncIterable<SecretPage>;
}

/** A secret as ListSecrets shows it, which may lag behind. */
export interface ListedSecretVersions {
  readonly arn: string;
  /** Version ids with their staging labels; versions without labels are not listed. */
  readonly versions: ReadonlyMap<string, readonly string[]>;
}

export interface SecretPage {
  readonly secrets: readonly ListedSecretVersions[];
  /** Names the next page; undefined on the last one. */
  readonly next: string | undefined;
}

export interface LoadedEstate {
  readonly estate: Estate;
  /** 0 when there is no record yet. */
  readonly revision: number;
}

export interface Loaded {
  readonly token: Token;
  /** The version check's number: saving with it fails once somebody else has saved. */
  readonly revision: number;
}

/** A token whose record may name a credential. The record decides. */
export interface Holder {
  readonly tokenId: string;
}

/** An entry of the index of credentials, with the revision of the record that needs it. */
export interface IndexEntry extends Holder {
  readonly revision: number;
}

/** A pass of reconcile that went through every registered secret and found each one's record to be what the secret shows. */
export interface CompletePass {
  /** The version of the index of credentials under which it ran. */
  readonly index: number;
  readonly startedAt: Instant;
}

export interface LoadedPermits {
  readonly permits: Permits;
  /** 0 when there is no record yet. */
  readonly revision: number;
}

export interface LoadedBaseline {
  readonly baseline: Baseline;
  readonly revision: number;
}

/** The inventory of tokens. Every read is strongly consistent unless it says otherwise. */
export interface Inventory {
  load(tokenId: string): Promise<Loaded | undefined>;
  /** Creates (`revision` 0) or replaces a record. Errors: `conflict` when the revision is no longer that. Resolves to the new revision. */
  save(token: Token, revision: number): Promise<number>;
  /** Ids of tokens whose dueAt is at or before now, earliest first. Eventually consistent: load each before deciding. */
  due(now: Instant): AsyncIterable<string>;
  /** Rotations that may start, in the order in which they came to wait. Eventually consistent. */
  startable(now: Instant): AsyncIterable<Startable>;
  /** Rotations under way, whoever started them, but for those whose time is over. Eventually consistent. */
  underWay(now: Instant): Promise<UnderWay[]>;
  /** Every token, in an order of no meaning that stays the same; only those after one of them, if it is named. Eventually consistent in which there are: one of the last seconds may be missing; each record is read consistently. */
  all(after?: string): AsyncIterable<Loaded>;
  /** The installation's own record; a new one where there is none. */
  loadEstate(): Promise<LoadedEstate>;
  /** Replaces it. Errors: `conflict` when the revision is no longer that. Resolves to the new revision. */
  saveEstate(estate: Estate, revision: number): Promise<number>;
  /** What may end of a token; none where nothing is on record. Errors: `record-malformed`. */
  loadPermits(tokenId: string): Promise<LoadedPermits>;
  /** Creates (`revision` 0) or replaces it. Only the act functions may. Errors: `conflict` when the revision is no longer that. Resolves to the new revision. */
  savePermits(permits: Permits, revision: number): Promise<number>;
  /** How a token is read; undefined while nothing is known of it. */
  loadBaseline(tokenId: string): Promise<LoadedBaseline | undefined>;
  /** Creates (`revision` 0) or replaces it. Errors: `conflict` when the revision is no longer that. Resolves to the new revision. */
  saveBaseline(baseline: Baseline, revision: number): Promise<number>;
  /** Who read a token last when, and which version; the latest first. Empty without a trail. */
  readers(tokenId: string): Promise<Reading[]>;
  /** Which tokens' records may name a credential: where to look, and no more. */
  holders(provider: string, handle: string): Promise<Holder[]>;
  /** Makes a handle lead to a token. Written before the record that needs it. */
  hold(provider: string, handle: string, entry: IndexEntry): Promise<void>;
  /** Takes an entry out, unless a later revision of the record needs it. */
  unhold(provider: string, handle: string, entry: IndexEntry): Promise<void>;
  /** The last pass of reconcile that was complete; undefined for a table in which there was none. */
  lastPass(): Promise<CompletePass | undefined>;
  notePass(pass: CompletePass): Promise<void>;
  /** Notes that a token is in the time in which this health signal brings its previous credential back. Lost, it only means that no signal does. */
  watch(signal: string, watcher: Watcher): Promise<void>;
  /** Whom a health signal concerns now. */
  watchers(signal: string, now: Instant): Promise<Watcher[]>;
  /** Notes that a token has a credential with this fingerprint; with `until`, only until then. Written before the record that has it, so that none is missing. */
  trace(fingerprint: string, tokenId: string, until?: Instant): Promise<void>;
  /** Ids of the tokens that may have a credential with this fingerprint; the record of each decides. */
  traced(fingerprint: string): Promise<string[]>;
  /** Keeps what another installation says of a token, unless something newer was said under the same key. Lost, it only makes followers wait. */
  hear(said: Hearsay): Promise<void>;
  /** All that other installations said last of the token of a secret, by the place of the secret. */
  heard(of: string): Promise<Hearsay[]>;
  /** Appends to a token's history; a fact appended before is left as it is. */
  appendHistory(facts: readonly Fact[]): Promise<void>;
  /** The history of a token, newest first. */
  history(tokenId: string, limit: number): Promise<Fact[]>;
  /** Whether the inventory is known to be complete; false for a table that is new, restored or replaced. */
  isComplete(): Promise<boolean>;
  /** Starts or goes on with a rebuild and says since when it runs. */
  beginRebuild(now: Instant): Promise<Instant>;
  completeRebuild(): Promise<void>;
  /** Lets one run of a kind work at a time, until it ends its turn or its time is over. Resolves to what the last one noted; undefined while another has the turn. */
  takeTurn(
    kind: string,
    turn: { owner: string; now: Instant; until: Instant },
  ): Promise<{ readonly note: unknown } | undefined>;
  /** Notes something, as JSON, for this run or the next one, and says until when the turn lasts. Errors: `conflict` when another run has the turn by now. */
  keepTurn(kind: string, turn: { owner: string; until: Instant; note: unknown }): Promise<void>;
}

/** What alerts have told already, and what waits to be told. */
export interface AlertLedger {
  /** The sequence number of the last step told of a finding; 0 when none. */
  told(dedupKey: string): Promise<number>;
  tell(dedupKey: string, sequence: number, now: Instant): Promise<void>;
  /** One entry of a list. Errors: `record-malformed`. */
  waiting(list: WaitingList, key: string): Promise<Waiting | undefined>;
  /** All of a list. An entry that cannot be read hides no other: `damaged` says of each where it is and what is wrong, never what it holds. */
  allWaiting(
    list: WaitingList,
  ): Promise<{ readonly entries: Waiting[]; readonly damaged: readonly string[] }>;
  /** Puts an entry in the place of the one that was read (undefined: of none); false when another run was faster. */
  wait(list: WaitingList, entry: Waiting, read: Waiting | undefined): Promise<boolean>;
  /** Takes an entry out, unless it is no longer the one that was read. */
  unwait(list: WaitingList, read: Waiting): Promise<void>;
}

/** The keyed hash that says "this is ours" without keeping a value, and signs what must not be forged. */
export interface Seals {
  /** A keyed hash of a text, hexadecimal. */
  of(text: Secret): Promise<string>;
}

/** CloudWatch alarms, read. Errors: `aws-failed`. */
export interface AlarmReads {
  /** Whether an alarm is in ALARM now, and since when it is in the state it has; undefined when there is no such alarm. */
  alarm(name: string): Promise<{ readonly isFiring: boolean; readonly since: Instant } | undefined>;
}

export interface CommandQueue {
  /** Sends to the act function of a provider. Errors: `aws-failed`. */
  send(provider: string, commands: readonly Command[], delay?: Millis): Promise<void>;
}

/** The function that brings new values to consumers. */
export interface Deliveries {
  /** Whether this installation delivers to consumers of a kind. */
  takes(kind: ConsumerKind): boolean;
  /** Errors: `aws-failed`. */
  send(commands: readonly DeliverCommand[]): Promise<void>;
}

/** Who reads a secret, as a trail of calls shows it; nobody where no trail is watched. */
export interface Readers {
  of(token: Pick<Token, 'id' | 'secretArn'>): Promise<readonly Reader[]>;
}

export interface FactBus {
  /** Publishes facts; resolves only when every one was accepted. */
  publish(facts: readonly Fact[]): Promise<void>;
}

export interface Log {
  info(message: string, fields?: Readonly<Record<string, string | number | boolean | undefined>>): void;
  warn(message: string, fields?: Readonly<Record<string, string | number | boolean | undefined>>): void;
  error(message: string, fields?: Readonly<Record<string, string | number | boolean | undefined>>): void;
}

/** One message on its way to people. */
export interface AlertMessage {
  readonly subject: string;
  /** The text for mail: what, impact, what to do, where to read on. */
  readonly text: string;
  /** The same for machines. */
  readonly body: Notice;
  readonly attributes: Readonly<
    Record<'severity' | 'kind' | 'change' | 'provider' | 'owner' | 'environment', string>
  > & { readonly route?: string | readonly string[] };
}

export interface AlertTopic {
  publish(message: AlertMessage): Promise<void>;
}

/** Where a canary goes: onto the bus, or from the alert function to its topic. Errors: `aws-failed`. */
export interface CanaryWay {
  send(canary: Canary): Promise<void>;
}

/** Who is subscribed to topics. Errors: `aws-failed`. */
export interface Subscriptions {
  /** All of a topic, those that wait or were removed of late too. */
  of(topicArn: string): Promise<readonly Subscription[]>;
}

/** Opens issuers: reads the admin secret named for the token and binds the provider to its grant. */
export interface Issuers {
  provider(id: string): Provider;
  /** `admin` is the text of an admin secret that is not current yet. */
  open(
    token: { provider: string; name: string; admin?: string | undefined },
    admin?: Secret,
  ): Promise<Session>;
  /** The session for the place where a credential was made; undefined where the token's grant names it neither as its own nor as a former one: then nobody may ask there. */
  openAt(
    token: { provider: string; name: string; admin?: string | undefined },
    reach: Reach,
    admin?: Secret,
  ): Promise<Session | undefined>;
  /** The session for the place whose values stand beside these companions; undefined where the token's grant names none such. */
  openBeside(
    token: { provider: string; name: string; admin?: string | undefined },
    beside: Readonly<Record<string, string>>,
  ): Promise<Session | undefined>;
  /** Whether an issuer accepts the admin credential in a secret, by its name. Errors: those of reading it. */
  examine(provider: string, adminName: string, label?: AdminLabel): Promise<Probe>;
  /** The credentials in an admin secret, by its name. Errors: those of reading it. */
  adminValues(provider: string, adminName: string, label: AdminLabel): Promise<readonly Secret[]>;
  /** Resolves where something may be sent to a host, port included. Calls no issuer. Error: `host-unconfirmed`. */
  requireTrusted(host: string): Promise<void>;
  /** How the clock of a host stood against ours by its answers since then, the one that was furthest off; undefined where none told a date. */
  clockOf(host: string, since: Instant): SeenClock | undefined;
}

/** What the use cases need of the world; each asks for the part it uses. */
export interface Ports {
  readonly installation: { readonly account: string; readonly region: string; readonly name: string };
  /** What holds where a token's tags state nothing. */
  readonly policyDefaults: PolicyDefaults;
  readonly secrets: SecretStore;
  readonly inventory: Inventory;
  readonly seals: Seals;
  readonly issuers: Issuers;
  /** The declared facts of a provider; undefined for an id that no provider has. */
  readonly descriptor: (provider: string) => ProviderDescriptor | undefined;
  readonly commands: CommandQueue;
  readonly deliveries: Deliveries;
  readonly readers: Readers;
  readonly bus: FactBus;
  readonly log: Log;
  readonly now: () => Instant;
  readonly sleep: (length: Millis) => Promise<void>;
  /** Milliseconds until this invocation is stopped from outside. */
  readonly timeLeft: () => Millis;
  readonly uuid: () => string;
  readonly random: (bytes: number) => Uint8Array;
}
