import { tokenIdOf } from '../../../functions/core/basics/names.ts';
import { MINUTE, type Instant } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { CliPorts, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT } from '../command-line/exit.ts';
import { namedToken, secretWithoutRecord, tokenText } from './find-token.ts';
import { patienceOf } from './patience.ts';
import { POLL_EVERY, REQUEST_LIFE, requireAttached } from './request.ts';

/** An inspection takes seconds; what takes longer waits behind others. */
const PATIENCE = 2 * MINUTE;

/** A secret, and whose functions look after it. */
interface Looked {
  readonly arn: string;
  readonly provider: string;
}

interface How {
  readonly ports: CliPorts;
  readonly context: CommandContext;
}

/** Asks for an inspection now, which else comes within the hour. */
export async function askToLook(secrets: readonly Looked[], ports: CliPorts): Promise<void> {
  const notAfter = (await ports.now()) + REQUEST_LIFE;
  for (const [provider, some] of Map.groupBy(secrets, (one) => one.provider))
    await ports.commands.send(
      provider,
      some.map(({ arn }) => ({
        kind: 'inspect',
        tokenId: tokenIdOf(arn),
        secretArn: arn,
        provider,
        notAfter,
      })),
    );
}

/**
 * The token that the command names, as things are now: a secret that was registered a moment ago is taken in,
 * and one that could not be managed is inspected again, since what stood against it may be fixed. Errors:
 * {@link CliError} with what was seen, and when it was.
 */
export async function usableToken(context: CommandContext, ports: CliPorts): Promise<Token> {
  const token = (await takenIn(context, ports)) ?? (await namedToken(context, ports));
  requireAttached(token);
  if (token.unusable === undefined) return token;
  context.err.line(
    `${token.name} could not be rotated at the last inspection: ${token.unusable} Keyturn inspects it ` +
      'again now.',
  );
  const again = await lookedAt({ arn: token.secretArn, provider: token.provider }, token.inspectedAt, {
    ports,
    context,
  });
  if (!again)
    throw new CliError(
      EXIT.refused,
      `${token.name} cannot be rotated, as far as is known: ${token.unusable} Keyturn was asked to ` +
        'inspect it again and has not yet. Ask again in some minutes.',
    );
  requireAttached(again);
  if (again.unusable !== undefined)
    throw new CliError(EXIT.refused, `${again.name} cannot be rotated: ${again.unusable}`);
  return again;
}

/**
 * The token of a secret that is registered and not in the inventory yet. Errors: {@link CliError} where it is
 * not taken in in time.
 */
export async function takenIn(context: CommandContext, ports: CliPorts): Promise<Token | undefined> {
  const secret = await secretWithoutRecord(tokenText(context), ports);
  if (secret?.provider === undefined) return undefined;
  context.err.line(`${secret.name} is not in the inventory yet: Keyturn inspects it now.`);
  const token = await lookedAt({ arn: secret.arn, provider: secret.provider }, undefined, { ports, context });
  if (token) return token;
  throw new CliError(
    EXIT.refused,
    `Keyturn was asked to take ${secret.name} into its inventory and has not yet. Ask again in some minutes.`,
  );
}

/** The record once an inspection later than the one before shows in it; undefined when none does in time. */
export async function lookedAt(
  secret: Looked,
  before: Instant | undefined,
  how: How,
): Promise<Token | undefined> {
  await askToLook([secret], how.ports);
  return seen(secret.arn, before, Math.min(PATIENCE, patienceOf(how.context)), how);
}

/** A secret of many, with its record once it was inspected; undefined where it was not in time. */
export interface LookedAt {
  readonly secret: string;
  readonly token: Token | undefined;
}

/** Has all of them inspected, and waits as long as the command line says for all together. */
export async function lookedAtAll(
  secrets: readonly (Looked & { readonly secret: string })[],
  how: How,
): Promise<LookedAt[]> {
  const before = new Map<string, Instant | undefined>();
  for (const { arn } of secrets)
    before.set(arn, (await how.ports.inventory.load(tokenIdOf(arn)))?.token.inspectedAt);
  await askToLook(secrets, how.ports);
  const patience = patienceOf(how.context);
  return Promise.all(
    secrets.map(async ({ secret, arn }) => ({
      secret,
      token: await seen(arn, before.get(arn), patience, how),
    })),
  );
}

async function seen(
  arn: string,
  before: Instant | undefined,
  patience: number,
  { ports, context }: How,
): Promise<Token | undefined> {
  for (let waited = 0; ; waited += POLL_EVERY) {
    const token = (await ports.inventory.load(tokenIdOf(arn)))?.token;
    if (token?.inspectedAt !== undefined && token.inspectedAt !== before) return token;
    if (waited >= patience) return undefined;
    await context.sleep(POLL_EVERY);
  }
}
