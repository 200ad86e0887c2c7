import type { Command } from '../../../functions/core/commands/commands.ts';
import {
  INSTALLATION_RECORD_ID,
  type InstallationRecord,
} from '../../../functions/core/inventory/installation.ts';
import type { Finding, FindingKind } from '../../../functions/core/findings/findings.ts';
import { formatInstant, type Instant } from '../../../functions/core/basics/time.ts';
import type { CliPorts, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { printOpen } from './open-findings.ts';
import { patienceOf } from './patience.ts';
import { POLL_EVERY, REQUEST_LIFE } from './request.ts';
import { findingView, openFindings, type FindingAbout } from '../output/finding-view.ts';
import type { InstallationJson } from '../json/findings.ts';
import type { RequestJson } from '../json/requests.ts';

/** Whether a command is about the installation itself, which stands where the name of a token does. */
export function isInstallation({ args }: Pick<CommandContext, 'args'>): boolean {
  return args.positionals[0] === INSTALLATION_RECORD_ID;
}

/** `keyturn show installation`: what is wrong with what belongs to no token. */
export async function showInstallation({ args, out }: CommandContext, ports: CliPorts): Promise<ExitCode> {
  const { installationRecord } = await ports.inventory.loadInstallationRecord();
  const view: InstallationJson = {
    installation: ports.installation,
    findings: installationRecord.findings.map((one) => findingView(one, aboutOf(ports.installation))),
  };
  if (args.has('json')) out.json(view);
  else if (openFindings(installationRecord).length === 0)
    out.line(`The installation ${ports.installation} itself has no open finding.`);
  else printInstallation(installationRecord, ports.installation, { now: await ports.now(), out });
  return EXIT.ok;
}

/** What is open about the installation. */
export function printInstallation(
  installationRecord: InstallationRecord,
  installation: string,
  { now, out }: { readonly now: Instant; readonly out: CommandContext['out'] },
): void {
  out.line('Open findings of the installation itself', 'dim');
  printOpen(openFindings(installationRecord), aboutOf(installation), { now, out });
}

function aboutOf(installation: string): FindingAbout {
  return { id: INSTALLATION_RECORD_ID, name: INSTALLATION_RECORD_ID, installation };
}

/**
 * `keyturn ack installation`: a person acknowledges what is open of it. Errors: {@link CliError} where
 * nothing is.
 */
export async function ackInstallation(
  kind: FindingKind | undefined,
  context: CommandContext,
): Promise<ExitCode> {
  const patience = patienceOf(context);
  const ports = await context.ports();
  const open = await meant(kind, ports);
  if (open.length === 0)
    throw new CliError(
      EXIT.refused,
      `The installation has no open finding${kind === undefined ? '' : ` ${kind}`}.`,
    );
  const notAfter = (await ports.now()) + REQUEST_LIFE;
  await sendToAny(
    {
      kind: 'acknowledge',
      tokenId: INSTALLATION_RECORD_ID,
      notAfter,
      ...(kind !== undefined && { finding: kind }),
    },
    ports,
  );
  const kinds = [...new Set(open.map((one) => one.kind))].join(', ');
  const report = (outcome: RequestJson['outcome'], detail: string): ExitCode => {
    const view: RequestJson = {
      request: 'ack',
      id: INSTALLATION_RECORD_ID,
      name: INSTALLATION_RECORD_ID,
      notAfter: formatInstant(notAfter),
      outcome,
      detail,
    };
    if (context.args.has('json')) context.out.json(view);
    else context.out.line(detail, outcome === 'unfinished' ? 'bad' : undefined);
    return outcome === 'unfinished' ? EXIT.failed : EXIT.ok;
  };
  if (!context.args.has('wait'))
    return report(
      'asked',
      `${kinds} of the installation: acknowledged by you. \`keyturn show ${INSTALLATION_RECORD_ID}\` ` +
        'says so within a minute.',
    );
  for (let waited = 0; waited < patience; waited += POLL_EVERY) {
    if ((await meant(kind, ports)).every((one) => one.acknowledged !== undefined))
      return report('done', 'The open findings of the installation are acknowledged.');
    await context.sleep(POLL_EVERY);
  }
  return report('unfinished', 'Keyturn has not taken up the request yet.');
}

async function meant(kind: FindingKind | undefined, { inventory }: CliPorts): Promise<Finding[]> {
  return openFindings((await inventory.loadInstallationRecord()).installationRecord).filter(
    (one) => kind === undefined || one.kind === kind,
  );
}

/** Any worker function may write the record of the installation; those of tokens are surely deployed. */
export async function sendToAny(command: Command, ports: CliPorts): Promise<void> {
  for await (const { token } of ports.inventory.all())
    if (token.detachedAt === undefined) return ports.commands.send(token.provider, [command]);
  let first: unknown;
  for (const provider of ports.providers) {
    try {
      return await ports.commands.send(provider, [command]);
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}
