import { formatInstant } from '../../functions/core/time.ts';
import type { Token } from '../../functions/core/token.ts';
import type { CliCommand, CommandContext } from './command.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { REQUEST_LIFE } from './request.ts';
import { versionOf } from './using.ts';

export const release: CliCommand = {
  name: 'release',
  summary: 'Say that a version of a service is gone; credentials that only it used may die',
  usage: 'keyturn release SERVICE VERSION [--json]',
  examples: [['keyturn release billing-api 2.41.0', 'once no task of it runs any more; asks every token that the version was noted for']],
  options: { json: { type: 'boolean', summary: 'print one object' } },
  takes: 2,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const [service, text] = context.args.positionals;
  if (service === undefined || service === '') throw new CliError(EXIT.usage, 'Which service? Give its name, then the version that is gone.');
  const version = versionOf(text);
  const ports = await context.ports();
  const notAfter = (await ports.now()) + REQUEST_LIFE;
  const names: string[] = [];
  for await (const { token } of ports.inventory.all()) {
    if (!isUsing(token, service, version)) continue;
    await ports.commands.send(token.provider, [{ kind: 'released', tokenId: token.id, service, version, notAfter }]);
    names.push(token.name);
  }
  print(context, { service, version, tokens: names.toSorted(), notAfter: formatInstant(notAfter) });
  return EXIT.ok;
}

function isUsing(token: Token, service: string, version: string): boolean {
  const uses = token.consumers?.find((one) => one.kind === 'service' && one.target === service)?.uses ?? [];
  return token.detachedAt === undefined && uses.some((one) => one.version === version && one.releasedAt === undefined);
}

function print({ args, out }: CommandContext, told: { service: string; version: string; tokens: string[]; notAfter: string }): void {
  if (args.has('json')) return out.json({ request: 'release', ...told });
  const { service, version, tokens, notAfter } = told;
  if (tokens.length === 0) return out.line(`No token is on record as used by version ${version} of ${service}: there is nothing to release.`);
  out.line(`Version ${version} of ${service} was released for ${tokens.join(', ')}; what is not taken up by ${notAfter} is dropped.`);
}
