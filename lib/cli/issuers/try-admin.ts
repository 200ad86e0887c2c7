// What a try at a real issuer needs: the admin secret, the grant that is used, and the host to ask.
import * as z from 'zod';
import { adminPrefixOf } from '../../../functions/core/basics/names.ts';
import { parseJson } from '../../../functions/core/basics/json.ts';
import { Secret } from '../../../functions/core/basics/secret.ts';
import type { Provider } from '../../../functions/core/issuer/provider.ts';
import type { OwnIssuer } from '../../../functions/providers/declared/own/form.ts';
import { confirm } from '../command-line/confirm.ts';
import type { CommandContext } from '../command-line/command.ts';
import { CliError, EXIT } from '../command-line/exit.ts';
import { SETTINGS_VARIABLE } from './settings-variable.ts';

interface ForTry {
  readonly admin: Secret;
  readonly secretName: string;
  /** The only host that is asked. */
  readonly host: string;
}

/**
 * Reads the admin secret and asks a person to confirm the host, before anything is sent. Errors:
 * {@link CliError}, and `admin-invalid` and `not-granted` naming the field.
 */
export async function adminFor(
  form: OwnIssuer,
  provider: Provider,
  context: CommandContext,
): Promise<ForTry> {
  const { args } = context;
  if (args.has('sandbox'))
    throw new CliError(EXIT.usage, 'A sandbox has no issuer of your own: leave --sandbox out.');
  const admin = await adminText(form.id, context);
  const secretName = args.value('secret') ?? firstGranted(admin);
  const [reach] = provider.reaches(admin, secretName);
  const host = reach?.host ?? '';
  await requireHost(host, form, context);
  context.err.line(
    `At ${host} one credential is created for ${secretName}, checked, listed and revoked, with the admin ` +
      'credential of this secret.',
  );
  await confirm(host, 'the host', context);
  return { admin, secretName, host };
}

async function adminText(id: string, context: CommandContext): Promise<Secret> {
  const { args, isTty, readInput, askHidden } = context;
  const name = args.value('admin');
  if (name !== undefined) {
    const prefix = adminPrefixOf(id);
    if (name !== prefix && !name.startsWith(`${prefix}/`))
      throw new CliError(EXIT.usage, `--admin is ${name}: write ${prefix}, or a name below ${prefix}/.`);
    return (await context.ports()).readAdmin(name);
  }
  const text =
    (await readInput()) ?? (isTty ? await askHidden('The admin secret as JSON (not shown): ') : '');
  if (text.trim() !== '') return new Secret(text.trim());
  throw new CliError(
    EXIT.usage,
    'No admin secret was given: name it with --admin, or send its JSON through standard input.',
  );
}

const Granted = z.object({ grants: z.array(z.object({ secret: z.string() })).min(1) });

function firstGranted(admin: Secret): string {
  const name = Granted.safeParse(parseJson(admin.reveal())).data?.grants[0]?.secret;
  if (name !== undefined && !name.endsWith('*')) return name;
  throw new CliError(
    EXIT.usage,
    'The first grant of the admin secret names no whole secret: say whose grant is used with --secret NAME.',
  );
}

/** As in an installation, only the settings name hosts; here a person may do it instead. */
async function requireHost(host: string, { id }: OwnIssuer, context: CommandContext): Promise<void> {
  const named = context.args.value('host');
  const entry = (await context.ownIssuers()).find((one) => one.id === id);
  const allowed = named === undefined ? (entry?.allowedHosts ?? []) : [named];
  if (allowed.includes(host)) return;
  throw new CliError(
    EXIT.refused,
    `The admin secret names the host ${host}, and ` +
      (allowed.length === 0
        ? `no settings here (keyturn.json, or ${SETTINGS_VARIABLE}) name a host of ${id}`
        : `only ${allowed.join(', ')} may be asked`) +
      `: nothing was sent. If it is your issuer, add --host ${host}.`,
  );
}
