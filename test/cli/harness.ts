import assert from 'node:assert/strict';
import { T0 } from '../fakes/tokens.ts';
import { MemoryInventory } from '../fakes/memory-inventory.ts';
import type { Command } from '../../functions/core/commands/commands.ts';
import type { Owned } from '../../functions/core/incidents/leak-reports.ts';
import type { Instant, Millis } from '../../functions/core/basics/time.ts';
import type { Token } from '../../functions/core/token/token.ts';
import type { Shown } from '../../functions/core/issuer/provider.ts';
import type { Secret } from '../../functions/core/basics/secret.ts';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import type { CliPorts } from '../../lib/cli/command-line/command.ts';
import { findCommand } from '../../lib/cli/command-line/finding-command.ts';
import { printedBy } from '../../lib/cli/json/schemas.ts';
import { main, type Choice, type Surroundings } from '../../lib/cli/main.ts';
import type { ManagedSecrets } from '../../lib/cli/manifest/secrets.ts';
import type { DeadLetterQueue, Move } from '../../lib/cli/aws/queues.ts';
import type { AlertTopics, Subscribed } from '../../lib/cli/aws/topics.ts';
import { screenOn } from '../../lib/cli/output/screen.ts';

export interface Run {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** A value that is in every place where a careless command could pick it up. */
export const CANARY = 'glpat-CANARY-4f8b1c';

export interface Bench {
  readonly inventory: MemoryInventory;
  readonly sent: { provider: string; command: Command }[];
  readonly choices: Choice[];
  readonly questions: string[];
  now: Instant;
  /** What a person answers; undefined when no person is there. */
  answer: string | undefined;
  /** What a person types where it is not shown. */
  hidden: string;
  /** Runs after each sleep: what the functions do meanwhile. */
  meanwhile: (slept: Millis) => Promise<void>;
  secrets: ManagedSecrets;
  dlq: DeadLetterQueue[];
  topics: AlertTopics;
  readonly movedBack: string[];
  /** How far moves have come, look after look; then they are done. */
  readonly moves: Move[];
  control: CliPorts['control'];
  startSandbox: Surroundings['startSandbox'];
  environment: Record<string, string>;
  /** Answers requests to issuers. */
  fetch: (request: Request) => Promise<Response>;
  /** Admin secrets in AWS. */
  admins: Map<string, Secret>;
  files: Map<string, string>;
  /** What comes through standard input. */
  input: string | undefined;
  /** What the function `leaks` knows, by digest. */
  owned: Map<string, Owned[]>;
  /** What an issuer says of a value that is submitted. */
  shown: (value: Secret) => Shown;
  /** Issuers that were asked about one. */
  readonly asked: string[];
  readonly submitted: { readonly secretArn: string; readonly value: string }[];
  /** Throws from every connection. */
  broken: Error | undefined;
  columns: number | undefined;
  /** What the command sees instead of the fakes above. */
  ports: CliPorts | undefined;
  keyturn(...argv: string[]): Promise<Run>;
  put(...tokens: Token[]): Promise<void>;
  change(id: string, change: (token: Token) => Token): Promise<void>;
}

const NO_SECRETS: ManagedSecrets = {
  arnOf: async () => undefined,
  find: async () => undefined,
  create: async () => undefined,
  setTags: async () => undefined,
  dropTags: async () => undefined,
  attachRotation: async () => undefined,
  scheduleDeletion: async () => undefined,
  functionArn: async (name) => `arn:aws:lambda:eu-west-1:111122223333:function:${name}`,
};

const SOMEBODY: Subscribed = {
  topic: 'keyturn-main-alerts',
  protocol: 'email',
  endpoint: 'ops@example.com',
  state: 'confirmed',
  isAuthenticated: true,
};

const TOPICS: AlertTopics = {
  arns: async () => ['arn:aws:sns:eu-west-1:111122223333:keyturn-main-alerts'],
  list: async () => [SOMEBODY],
  confirm: async () => ({ endpoint: '', isAuthenticated: true }),
};

/** The command in this process, over an inventory in memory. */
export function bench(): Bench {
  const inventory = new MemoryInventory();
  const self: Bench = {
    inventory,
    sent: [],
    choices: [],
    questions: [],
    now: T0,
    answer: undefined,
    hidden: '',
    meanwhile: async () => undefined,
    secrets: NO_SECRETS,
    dlq: [],
    topics: TOPICS,
    movedBack: [],
    moves: [],
    control: undefined,
    startSandbox: async () => Promise.reject(new Error('no sandbox here')),
    environment: {},
    fetch: async () => Promise.reject(new Error('nothing answers here')),
    admins: new Map(),
    files: new Map(),
    input: undefined,
    owned: new Map(),
    shown: () => ({ outcome: 'unknown', reason: 'Nobody answers.' }),
    asked: [],
    submitted: [],
    broken: undefined,
    columns: undefined,
    ports: undefined,
    keyturn: (...argv) => run(self, argv),
    async put(...tokens) {
      for (const token of tokens) await inventory.save(token, 0);
    },
    async change(id, change) {
      const loaded = await inventory.load(id);
      if (loaded) await inventory.save(change(loaded.token), loaded.revision);
    },
  };
  return self;
}

async function run(self: Bench, argv: readonly string[]): Promise<Run> {
  let out = '';
  let err = '';
  const exit = await main(argv, {
    out: screenOn((text) => void (out += text), { colour: false, columns: self.columns }),
    err: screenOn((text) => void (err += text), { colour: false }),
    isTty: self.answer !== undefined,
    ask: async (question) => {
      self.questions.push(question);
      return self.answer ?? '';
    },
    askHidden: async (question) => {
      self.questions.push(question);
      return self.hidden;
    },
    sleep: (length) => self.meanwhile(length),
    readFile: async (path) => self.files.get(path) ?? Promise.reject(new Error(`ENOENT ${path}`)),
    readInput: async () => self.input,
    fetch: (request) => self.fetch(request),
    environment: self.environment,
    version: '1.2.3',
    startSandbox: (options) => self.startSandbox(options),
    connect: async (choice) => {
      self.choices.push(choice);
      if (self.broken) throw self.broken;
      return self.ports ?? portsOf(self, choice.installation ?? 'main');
    },
  });
  await requireSchema(argv, out);
  return { exit, out, err };
}

/**
 * Whatever any test has a command print as JSON is what the schema of that command says, to the last member.
 */
async function requireSchema(argv: readonly string[], out: string): Promise<void> {
  if (!argv.includes('--json') || !out.startsWith('{')) return;
  const name = (await findCommand(argv))?.command.name ?? 'version';
  const schema = printedBy(name);
  assert.ok(schema, `${name} has no schema of what it prints`);
  const { error } = schema.safeParse(JSON.parse(out));
  assert.equal(error, undefined, `${name} prints what its schema does not say: ${error?.message}`);
}

function portsOf(self: Bench, installation: string): CliPorts {
  return {
    installation,
    inventory: self.inventory,
    commands: {
      send: async (provider, commands) =>
        void self.sent.push(...commands.map((command) => ({ provider, command }))),
    },
    secrets: self.secrets,
    whose: async (digests) => digests.map((digest) => self.owned.get(digest) ?? []),
    askIssuer: async (provider, value, account) => {
      self.asked.push(`${provider} as ${account}`);
      return self.shown(value);
    },
    submitValue: async (secretArn, value) => void self.submitted.push({ secretArn, value: value.reveal() }),
    readAdmin: async (name) => self.admins.get(name) ?? Promise.reject(new Error(`no secret ${name}`)),
    topics: self.topics,
    lastTold: (_teller, key) => self.inventory.told(key),
    providers: DESCRIPTORS.map(({ id }) => id),
    queues: {
      list: async () => self.dlq,
      moveBack: async ({ name }) => self.movedBack.push(name),
      moveOf: async (queue) =>
        self.moves.shift() ?? { state: 'ended', moved: queue.messages, left: 0, reason: undefined },
    },
    descriptor: (provider) => DESCRIPTORS.find((one) => one.id === provider),
    now: async () => self.now,
    ...(self.control && { control: self.control }),
  };
}
