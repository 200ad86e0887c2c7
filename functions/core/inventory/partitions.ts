/** Functions that reach the inventory's table. */
export const TABLE_USERS = [
  'rotate',
  'worker',
  'router',
  'sweep',
  'reconcile',
  'health',
  'leaks',
  'discover',
  'measure',
  'deliver',
  'detect',
  'alert',
  'chat',
  'pager',
] as const;
export type TableUser = (typeof TABLE_USERS)[number];

/**
 * What an item of the table begins its partition key with, by what it is. None begins with another, so that a
 * permission for one is none for the next.
 */
export const PARTITIONS = {
  /** Records of tokens: they may keep a credential active, and never let it end. */
  token: 'T#',
  history: 'H#',
  /** How tokens are read. */
  baseline: 'B#',
  /** The installation's own record. */
  installationRecord: 'E#',
  /** What lets a credential end that is, or was, current. */
  permits: 'P#',
  /** That the inventory is complete. */
  rebuild: 'R#',
  /** Which tokens hold which credential. */
  holders: 'C#',
  /** From fingerprints to tokens. */
  traces: 'F#',
  /** Whom a health signal concerns. */
  watchers: 'W#',
  /** What other installations said. */
  upstreams: 'U#',
  /** Which run holds the lease, and where its last run stopped. */
  sweepTurn: 'L#sweep',
  reconcileTurn: 'L#reconcile',
  discoverTurn: 'L#discover',
  /** What was told already, by who tells. */
  toldByAlert: 'A#alert#',
  toldByChat: 'A#chat#',
  toldByPager: 'A#pager#',
  /** Alerts of GitHub that were answered. */
  answered: 'A#github#',
  /** What waits to be told. */
  waiting: 'Q#',
} as const;
export type Partition = keyof typeof PARTITIONS;

/** All that save records of tokens, each of which notes fingerprints and history too. */
const SAVERS = [
  'rotate',
  'worker',
  'sweep',
  'reconcile',
  'deliver',
  'detect',
  'discover',
] as const satisfies readonly TableUser[];

/** Who may write what. A partition without a row does not compile; IAM enforces the rest. */
export const WRITERS = {
  token: SAVERS,
  history: [...SAVERS, 'leaks'],
  baseline: ['worker', 'detect'],
  installationRecord: ['worker', 'reconcile', 'leaks', 'discover', 'detect'],
  permits: ['worker'],
  rebuild: ['reconcile'],
  holders: ['rotate', 'worker'],
  traces: SAVERS,
  watchers: ['rotate'],
  upstreams: ['reconcile'],
  sweepTurn: ['sweep'],
  reconcileTurn: ['reconcile'],
  discoverTurn: ['discover'],
  toldByAlert: ['alert'],
  toldByChat: ['chat'],
  toldByPager: ['pager'],
  answered: ['leaks'],
  waiting: ['alert'],
} as const satisfies Record<Partition, readonly TableUser[]>;

/** Who may also delete: of all else, items stay or age. */
export const DELETERS: Partial<Record<Partition, readonly TableUser[]>> = {
  holders: ['worker'],
  waiting: ['alert'],
};

/** What a function reads; `anything` for those whose work is the records. */
export const READERS = {
  rotate: 'anything',
  worker: 'anything',
  router: ['token'],
  sweep: 'anything',
  reconcile: 'anything',
  health: ['watchers'],
  leaks: 'anything',
  discover: 'anything',
  measure: ['token'],
  deliver: 'anything',
  detect: 'anything',
  // Records too, so that what is told can be held against them.
  alert: ['toldByAlert', 'waiting', 'token', 'installationRecord'],
  chat: ['toldByChat', 'waiting', 'token', 'installationRecord'],
  pager: ['toldByPager', 'waiting', 'token', 'installationRecord'],
} as const satisfies Record<TableUser, 'anything' | readonly Partition[]>;

/** The beginnings of the partition keys that a function may write, or delete from. */
export function prefixesOf(user: TableUser, who: Partial<Record<Partition, readonly TableUser[]>>): string[] {
  return Object.entries(who).flatMap(([name, users]) =>
    users.includes(user) && isPartition(name) ? [PARTITIONS[name]] : [],
  );
}

/** The beginnings of the partition keys that a function may read; undefined for all. */
export function readPrefixesOf(user: TableUser): string[] | undefined {
  const read = READERS[user];
  return read === 'anything' ? undefined : read.map((name) => PARTITIONS[name]);
}

function isPartition(name: string): name is Partition {
  return Object.hasOwn(PARTITIONS, name);
}
