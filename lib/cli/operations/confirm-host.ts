import { HostName } from '../../../functions/core/commands/commands.ts';
import { INSTALLATION_RECORD_ID } from '../../../functions/core/inventory/installation.ts';
import { isOwnId } from '../../../functions/core/issuer/own-issuers.ts';
import { formatInstant } from '../../../functions/core/basics/time.ts';
import { confirm } from '../command-line/confirm.ts';
import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { suggestion } from '../command-line/nearest.ts';
import { REQUEST_LIFE } from '../tokens/request.ts';
import type { RequestJson } from '../json/requests.ts';

export const confirmHost: CliCommand = {
  name: 'confirm-host',
  group: 'Operate',
  effect: 'changes',
  summary: 'Confirm a host of an issuer: its credentials may then be sent there',
  usage: 'ISSUER HOST',
  examples: [
    ['keyturn confirm-host gitlab git.example.com', 'as the finding names it; asks for the host once more'],
    ['keyturn confirm-host npm-registry registry.example.com:8443 --yes', 'with its port, in a pipeline'],
  ],
  options: {},
  takes: 2,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const [provider, text] = context.args.positionals;
  if (provider === undefined || text === undefined)
    throw new CliError(
      EXIT.usage,
      'Which issuer, and which host? Write keyturn confirm-host gitlab git.example.com.',
    );
  const host = HostName.safeParse(text);
  if (!host.success)
    throw new CliError(
      EXIT.usage,
      `"${text}" is no host: write a name such as gitlab.example.com in small letters, with its port ` +
        'where it has one, and nothing before or behind it.',
    );
  const ports = await context.ports();
  if (!ports.providers.includes(provider)) {
    const hint = suggestion(provider, ports.providers) || ` There are ${ports.providers.join(', ')}.`;
    throw new CliError(EXIT.usage, `There is no issuer "${provider}".${hint}`);
  }
  if (isOwnId(provider))
    throw new CliError(
      EXIT.refused,
      `Hosts of ${provider}, an issuer of your own, come from the settings alone: add ${host.data} to its ` +
        'allowedHosts in keyturn.json, and deploy.',
    );
  context.err.line(
    `Credentials of ${provider}, admin credentials included, may then be sent to ${host.data}. The ` +
      'host can use them.',
  );
  await confirm(host.data, 'the host', context);
  const notAfter = (await ports.now()) + REQUEST_LIFE;
  await ports.commands.send(provider, [
    { kind: 'confirm-host', tokenId: INSTALLATION_RECORD_ID, provider, host: host.data, notAfter },
  ]);
  const detail =
    `Keyturn was asked to confirm ${host.data} for ${provider}. Tokens that wait for it continue at ` +
    'their next inspection, within the hour.';
  if (context.args.has('json'))
    context.out.json({
      request: 'confirm-host',
      id: INSTALLATION_RECORD_ID,
      name: INSTALLATION_RECORD_ID,
      notAfter: formatInstant(notAfter),
      outcome: 'asked',
      detail,
    } satisfies RequestJson);
  else context.out.line(detail);
  return EXIT.ok;
}
