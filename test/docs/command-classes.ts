/**
 * Where CI runs a command that a page tells people to run. `clone`: as it stands, in a bare clone. `stage`:
 * as a stage of `.ci/run`, in a folder that had nothing installed. `sandbox`: against a running sandbox, with
 * the words in capitals filled in. `account`: nowhere, for a reason.
 */
export type CommandClass =
  | { readonly in: 'clone' }
  | { readonly in: 'stage'; readonly stage: string }
  | { readonly in: 'sandbox'; readonly exits: readonly number[] }
  | { readonly in: 'account'; readonly reason: string };

export interface ClassRule {
  /** The whole command. */
  readonly command: RegExp;
  readonly is: CommandClass;
}

const CLONE = { in: 'clone' } as const;
const stage = (name: string): CommandClass => ({ in: 'stage', stage: name });
const account = (reason: string): CommandClass => ({ in: 'account', reason });
/** It answers. */
const ANSWERS = { in: 'sandbox', exits: [0] } as const;
/**
 * It asks for a change: the change happens, or is refused in one sentence, since what ran before may have
 * left nothing to do.
 */
const CHANGES = { in: 'sandbox', exits: [0, 3] } as const;

/**
 * The first rule that fits decides; a command without one fails a test, and so does a rule without a command.
 */
export const CLASS_RULES: readonly ClassRule[] = [
  // What the README begins with.
  { command: /^git clone REPOSITORY-URL keyturn$/, is: CLONE },
  { command: /^cd keyturn$/, is: CLONE },
  { command: /^npm ci$/, is: CLONE },
  { command: /^git pull$/, is: CLONE },
  { command: /^npm start$/, is: CLONE },
  { command: /^npm test -- test\//, is: CLONE },
  { command: /^npx --no keyturn( help.*| completion bash)?$/, is: CLONE },

  { command: /^npm test( -- 'test\/core\/\*\*\/\*\.test\.ts')?$/, is: stage('tests') },
  // npm runs it itself, when it has installed the packages.
  { command: /^npm run prepare$/, is: stage('install') },
  { command: /^npm run types$/, is: stage('types') },
  { command: /^npm run lint$/, is: stage('lint') },
  { command: /^npm run docs$/, is: stage('docs are what the code says') },
  { command: /^npm run check$/, is: stage('synth with cdk-nag') },
  { command: /^npm start -- /, is: stage('story') },
  { command: /^npm run faults$/, is: stage('faults, every eightieth') },
  { command: /^npm run walks$/, is: stage('walks') },
  { command: /^npm run soak$/, is: stage('soak, 60 tokens for a year') },
  { command: /^npm run bench( -- --json)?$/, is: stage('bench') },
  { command: /^npm run mutate$/, is: stage('tests') },
  {
    command: /^npm run test:pages$/,
    is: stage('commands of the pages, in a bare clone and its sandbox'),
  },
  { command: /^npm run test:long$/, is: stage('long tests') },
  { command: /^npm run test:deploy$/, is: stage('deploy, try and destroy') },
  { command: /^npm run test:issuers$/, is: stage('issuers, against the real programs') },
  { command: /^npm run test:aws-cli$/, is: stage('commands of the pages, by the AWS CLI') },
  { command: /^aws (?!logs tail )/, is: stage('commands of the pages, by the AWS CLI') },
  { command: /^npx --no cdk (bootstrap|deploy|destroy)$/, is: stage('deploy, try and destroy') },

  // The command, against the sandbox.
  {
    command:
      /^npx --no keyturn (status|show|history|doctor|plan|review list$|consumer list|alerts list|redrive --dry-run|issuer test \S+$)(\b|$)/,
    is: ANSWERS,
  },
  { command: /^npx --no keyturn issuer test /, is: account('it asks a real issuer, with its admin secret') },
  { command: /^npx --no keyturn review list --each$/, is: account('it asks at a terminal, token by token') },
  { command: /^npx --no keyturn alerts confirm$/, is: account('AWS mails the link that it asks for') },
  {
    command: /^npx --no keyturn sandbox$/,
    is: account('it runs until Ctrl-C, beside the one that runs here'),
  },
  { command: /^npx --no keyturn /, is: CHANGES },

  // What only a real account, or the world, has.
  {
    command: /^npx --no cdk (deploy -|diff)/,
    is: account('it compares with what CloudFormation has deployed'),
  },
  // test/sandbox/pages.test.ts sends this one to a sandbox, as the AWS CLI would.
  { command: /^aws logs tail /, is: account('version 1 of the AWS CLI, which CI has, does not know it') },
  {
    command: /^(curl -sI https:\/\/HOST|grep -i '\^date'|date -u)$/,
    is: account('it asks an issuer on the internet for its time'),
  },
  { command: /^pbpaste$/, is: account('the clipboard of a Mac; the command behind it runs in the sandbox') },
];

/** The classes of a command: one, or none for one that is in no table. */
export function classOf(command: string): CommandClass | undefined {
  return CLASS_RULES.find((rule) => rule.command.test(command))?.is;
}
