import { formatInstant } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { attachedTokens } from '../tokens/find-token.ts';
import { suggestion } from '../command-line/nearest.ts';
import { REQUEST_LIFE } from '../tokens/request.ts';
import { versionOf } from './record-deployment.ts';
import type { UndeploymentJson } from '../json/consumers.ts';

export const recordUndeployment: CliCommand = {
  name: 'consumer record-undeployment',
  group: 'Consumers',
  effect: 'changes',
  summary: 'Record that a version of a service no longer runs; credentials that only it used may be revoked',
  usage: 'SERVICE VERSION',
  examples: [
    [
      'keyturn consumer record-undeployment billing-api 2.41.0',
      'once no task of it runs; applies to every token that the version was recorded for',
    ],
  ],
  options: {},
  takes: 2,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const [service, text] = context.args.positionals;
  if (service === undefined || service === '')
    throw new CliError(EXIT.usage, 'Which service? Give its name, then the version that no longer runs.');
  const version = versionOf(text);
  const ports = await context.ports();
  const notAfter = (await ports.now()) + REQUEST_LIFE;
  const uses = (await attachedTokens(ports)).flatMap((token) =>
    usesOf(token).map((use) => ({ token, ...use })),
  );
  const running = uses.filter(
    (one) => one.service === service && one.version === version && one.releasedAt === undefined,
  );
  if (running.length === 0) requireKnown(uses, { service, version });
  for (const { token } of running)
    await ports.commands.send(token.provider, [
      { kind: 'released', tokenId: token.id, service, version, notAfter },
    ]);
  print(context, {
    service,
    version,
    tokens: running.map(({ token }) => token.name).toSorted(),
    notAfter: formatInstant(notAfter),
  });
  return EXIT.ok;
}

interface Use {
  readonly service: string;
  /** Undefined for a service that is declared and of which no version was noted. */
  readonly version: string | undefined;
  readonly releasedAt: number | undefined;
}

function usesOf(token: Token): Use[] {
  const services = (token.consumers ?? []).filter((one) => one.kind === 'service');
  return services.flatMap(({ target: service, uses = [] }) => [
    { service, version: undefined, releasedAt: undefined },
    ...uses.map(({ version, releasedAt }) => ({ service, version, releasedAt })),
  ]);
}

/**
 * Saying it twice is no fault; a slip is one: the credential would stay active for a version that nobody
 * ends. Errors: {@link CliError}.
 */
function requireKnown(
  uses: readonly Use[],
  { service, version }: { service: string; version: string },
): void {
  const services = [...new Set(uses.map((one) => one.service))].sort();
  if (!services.includes(service)) {
    const known = services.length === 0 ? ' None declares a service.' : ` There are ${services.join(', ')}.`;
    throw new CliError(
      EXIT.usage,
      `No token has a consumer that is the service "${service}".${suggestion(service, services) || known}`,
    );
  }
  const noted = uses.flatMap((one) => (one.service === service && one.version !== undefined ? [one] : []));
  if (noted.some((one) => one.version === version)) return;
  const running = [...new Set(noted.filter((one) => one.releasedAt === undefined).map((one) => one.version))];
  throw new CliError(
    EXIT.refused,
    `No token is on record as used by version ${version} of ${service}, so there is nothing to record. ` +
      (running.length === 0
        ? 'No version of it is recorded as running.'
        : `Recorded as running: ${running.join(', ')}.`),
  );
}

function print({ args, out }: CommandContext, told: Omit<UndeploymentJson, 'request'>): void {
  if (args.has('json')) return out.json({ request: 'consumer record-undeployment', ...told });
  const { service, version, tokens, notAfter } = told;
  if (tokens.length === 0)
    return out.line(
      `Version ${version} of ${service} was recorded as undeployed before: there is nothing to do.`,
    );
  out.line(
    `Version ${version} of ${service} was reported as undeployed for ${tokens.join(', ')}. A request ` +
      `that is not taken up by ${notAfter} is dropped.`,
  );
}
