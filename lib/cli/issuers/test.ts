import { randomBytes } from 'node:crypto';
import { descriptorOf } from '../../../functions/providers/declared/own/descriptor-of.ts';
import type { OwnIssuer } from '../../../functions/providers/declared/own/form.ts';
import { ownProvider } from '../../../functions/providers/declared/own/index.ts';
import { faultSentence } from '../../../functions/providers/declared/own/read-file.ts';
import type { ProviderTools } from '../../../functions/core/issuer/provider.ts';
import { Secret } from '../../../functions/core/basics/secret.ts';
import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import type { IssuerTestJson } from '../json/issuer-test.ts';
import { adminFor } from './try-admin.ts';
import { runSteps, type StepDone } from './issuer-steps.ts';
import { PRETENDED_VALUE, pretendedIssuer, type Step } from './pretended-issuer.ts';
import { readIssuerFile } from './own-file.ts';
import { shownRequest, type ShownRequest } from './shown-request.ts';

export const issuerTest: CliCommand = {
  name: 'issuer test',
  group: 'Operate',
  effect: 'changes',
  summary: 'Check the file of an issuer of your own, and show its requests',
  usage: 'FILE [--try] [--admin NAME] [--secret NAME] [--host HOST]',
  examples: [
    ['keyturn issuer test issuers/own-hub.yaml', 'sends nothing: every request, with credentials masked'],
    [
      'keyturn issuer test issuers/own-hub.yaml --try --admin keyturn/admin/own-hub',
      'creates one credential at the issuer, checks, lists and revokes it',
    ],
  ],
  options: {
    try: { type: 'boolean', summary: 'create, check, list and revoke one credential at the issuer' },
    admin: {
      type: 'string',
      hint: 'NAME',
      summary: 'the admin secret in AWS; without it, its JSON from standard input or a hidden question',
    },
    secret: {
      type: 'string',
      hint: 'NAME',
      summary: 'the secret whose grant is used; default: the first one',
    },
    host: {
      type: 'string',
      hint: 'HOST',
      summary: 'the host that credentials may be sent to; default: allowedHosts of keyturn.json',
    },
  },
  takes: 1,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const [file] = context.args.positionals;
  if (file === undefined)
    throw new CliError(EXIT.usage, 'Which file? Write keyturn issuer test issuers/own-hub.yaml.');
  const { issuer, faults } = await readIssuerFile(file, context.readFile);
  if (faults) {
    if (context.args.has('json'))
      context.out.json({ file, faults, requests: [], steps: [] } satisfies IssuerTestJson);
    for (const fault of faults) context.err.line(faultSentence(file, fault), 'bad');
    return EXIT.usage;
  }
  return context.args.has('try') ? tried(file, issuer, context) : shown(file, issuer, context);
}

/** What runs the steps, and keeps what was about to be sent. */
class Recorder {
  readonly requests: ShownRequest[] = [];
  readonly steps: StepDone[] = [];
  readonly #form: OwnIssuer;
  readonly #secrets: Secret[];
  #step: Step = 'examine';

  constructor(form: OwnIssuer, secrets: readonly Secret[]) {
    this.#form = form;
    this.#secrets = [...secrets];
  }

  readonly step = (): Step => this.#step;
  readonly begins = (step: Step): void => void (this.#step = step);
  readonly learns = (value: Secret): void => void this.#secrets.push(value);

  async note(request: Request): Promise<void> {
    this.requests.push(
      await shownRequest(request, { form: this.#form, step: this.#step, secrets: this.#secrets }),
    );
  }
}

async function shown(file: string, form: OwnIssuer, context: CommandContext): Promise<ExitCode> {
  const descriptor = descriptorOf(form);
  const now = Date.now();
  const marker = newMarker();
  const admin = new Secret(JSON.stringify(descriptor.admin.example));
  const recorder = new Recorder(form, []);
  const pretended = pretendedIssuer({ form, marker, now, step: recorder.step });
  const failed: StepDone[] = [];
  const tools: ProviderTools = {
    now: () => now,
    sleep: async () => undefined,
    uuid: () => crypto.randomUUID(),
    fetch: async (request) => {
      await recorder.note(request);
      return pretended(request);
    },
  };
  await runSteps({
    provider: ownProvider(form),
    admin,
    secretName: grantedIn(descriptor.admin.example),
    marker,
    tools,
    begins: recorder.begins,
    learns: recorder.learns,
    tell: (done) => void (done.outcome === 'failed' && done.step !== 'revoke' && failed.push(done)),
  });
  const { requests } = recorder;
  if (context.args.has('json')) {
    context.out.json({ file, faults: [], requests, steps: [] } satisfies IssuerTestJson);
    return EXIT.ok;
  }
  for (const request of requests) printRequest(request, context);
  context.out.line(
    `${file} is valid. Nothing was sent: ${PRETENDED_VALUE} stands for the value of a credential.`,
  );
  return EXIT.ok;
}

async function tried(file: string, form: OwnIssuer, context: CommandContext): Promise<ExitCode> {
  const provider = ownProvider(form);
  const { admin, secretName, host } = await adminFor(form, provider, context);
  const marker = newMarker();
  const isJson = context.args.has('json');
  const recorder = new Recorder(form, provider.adminValues(admin));
  const tools: ProviderTools = {
    now: () => Date.now(),
    sleep: context.sleep,
    uuid: () => crypto.randomUUID(),
    fetch: async (request) => {
      if (new URL(request.url).host !== host)
        throw new CliError(EXIT.refused, `Nothing was sent to another host than ${host}.`);
      await recorder.note(request);
      return context.fetch(request);
    },
  };
  context.err.line(`The credential that is made is named ${marker}.`);
  const isGood = await runSteps({
    provider,
    admin,
    secretName,
    marker,
    tools,
    begins: recorder.begins,
    learns: recorder.learns,
    tell: (done) => {
      recorder.steps.push(done);
      if (!isJson) printStep(done, context);
    },
  });
  const { requests, steps } = recorder;
  if (isJson) context.out.json({ file, faults: [], requests, steps } satisfies IssuerTestJson);
  return isGood ? EXIT.ok : EXIT.failed;
}

function grantedIn(example: Readonly<Record<string, unknown>>): string {
  const [grant]: unknown[] = Array.isArray(example['grants']) ? example['grants'] : [];
  return typeof grant === 'object' && grant !== null && 'secret' in grant ? String(grant.secret) : '';
}

/** A name of the form that Keyturn gives, so that the issuer's limits of names are met here too. */
function newMarker(): string {
  const hex = randomBytes(19).toString('hex');
  return `keyturn-${hex.slice(0, 10)}-${hex.slice(10, 22)}-${hex.slice(22, 38)}`;
}

const TITLES = {
  examine: 'Ask about the admin credential',
  create: 'Create a credential',
  check: 'Ask about a value, with the value alone',
  list: 'List the credentials of the account',
  revoke: 'Revoke a credential',
} as const satisfies Record<Step, string>;

function printRequest({ step, method, url, headers, body }: ShownRequest, { out }: CommandContext): void {
  out.line(TITLES[step]);
  out.line(`  ${method} ${url}`);
  for (const [name, text] of Object.entries(headers)) out.line(`  ${name}: ${text}`, 'dim');
  if (body !== null) out.line(`  ${body}`);
  out.line();
}

function printStep({ step, outcome, detail }: StepDone, { out }: CommandContext): void {
  out.line(`${TITLES[step]}: ${detail}.`, outcome === 'done' ? 'good' : 'bad');
}
