import type { Token } from '../../../functions/core/token/token.ts';
import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { requireCurrent } from './confirm.ts';
import { NOT_TAKEN_UP, requested, submit, type Verdict } from '../tokens/request.ts';

export const recordDeployment: CliCommand = {
  name: 'consumer record-deployment',
  group: 'Consumers',
  effect: 'changes',
  summary: 'Record that a version of a service runs with the current credential',
  usage: 'TOKEN SERVICE VERSION',
  examples: [
    [
      'keyturn consumer record-deployment prod/billing/gitlab billing-api 2.41.0',
      'in the pipeline, after it read the secret; the credential is kept until the version is recorded ' +
        'as undeployed',
    ],
  ],
  options: {},
  takes: 3,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const { ports, token } = await requested(context);
  const [, service, version] = context.args.positionals;
  const said = {
    service: serviceNamed(token, service),
    version: versionOf(version),
    credentialId: requireCurrent(token),
  };
  const asked =
    `Reported: version ${said.version} of ${said.service} uses version ${said.credentialId} of ` +
    `${token.name}.`;
  return submit(
    { token, wanted: { kind: 'using', ...said }, asked, judge: (now) => verdictOf(now, said) },
    ports,
    context,
  );
}

function serviceNamed(token: Token, name: string | undefined): string {
  const known = (token.consumers ?? []).filter((one) => one.kind === 'service').map((one) => one.target);
  if (name !== undefined && known.includes(name)) return name;
  const has =
    known.length === 0
      ? 'declares no service: add a consumer of the kind service'
      : `has ${known.join(', ')}`;
  const fault =
    name === undefined ? 'Which service?' : `${token.name} has no consumer that is the service "${name}".`;
  throw new CliError(EXIT.usage, `${fault} ${token.name} ${has}.`);
}

/** A version as pipelines name it. Errors: {@link CliError}. */
export function versionOf(text: string | undefined): string {
  if (text !== undefined && /^[A-Za-z0-9][\w.:+@/-]{0,99}$/.test(text)) return text;
  throw new CliError(
    EXIT.usage,
    'Which version of the service? Write it as its pipeline names it, like 2.41.0 or a commit.',
  );
}

function verdictOf(now: Token, said: { service: string; version: string; credentialId: string }): Verdict {
  const uses =
    now.consumers?.find((one) => one.kind === 'service' && one.target === said.service)?.uses ?? [];
  const isNoted = uses.some((one) => one.version === said.version && one.credentialId === said.credentialId);
  return isNoted
    ? {
        outcome: 'done',
        detail:
          `It is on record that version ${said.version} of ${said.service} uses version ` +
          `${said.credentialId} of ${now.name}.`,
      }
    : NOT_TAKEN_UP;
}
