import { tokenIdOf } from '../../../functions/core/basics/names.ts';
import { TAGS } from '../../../functions/core/policy/tags.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { CliPorts, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT } from '../command-line/exit.ts';
import { suggestion } from '../command-line/nearest.ts';

/** So many names are shown of those that a prefix fits. */
const MOST_SHOWN = 5;

/**
 * As Secrets Manager writes them (Service Authorization Reference, "Resource types defined by AWS Secrets
 * Manager").
 */
const SECRET_ARN = /^arn:[^:]+:secretsmanager:[^:]+:\d{12}:secret:.+$/;

/**
 * The token that the first positional argument names: by the name of its secret, its id or its ARN, whole;
 * for a command that only reads also by the beginning of its name or id, and then it is said which one was
 * taken. Errors: {@link CliError} with suggestions.
 */
export async function namedToken(context: CommandContext, ports: CliPorts): Promise<Token> {
  const text = tokenText(context);
  const found =
    (await directly(text, ports)) ??
    pick(
      text,
      (await allTokens(ports)).filter((token) => isNamed(token, text)),
    );
  if (found) return found;
  const secret = await secretWithoutRecord(text, ports);
  if (secret) throw new CliError(EXIT.refused, untold(secret, ports.installation));
  return context.effect === 'reads' ? begunWith(text, context, ports) : refuseBeginning(text, ports);
}

/** Errors: {@link CliError} without one. */
export function tokenText({ args, effect }: Pick<CommandContext, 'args' | 'effect'>): string {
  const [text] = args.positionals;
  const orBeginning = effect === 'reads' ? ', or the beginning of one' : '';
  if (text === undefined || text === '')
    throw new CliError(
      EXIT.usage,
      `Which token? Give its name, its id or its ARN${orBeginning}; \`keyturn status\` lists them.`,
    );
  if (text.startsWith('arn:') && !SECRET_ARN.test(text))
    throw new CliError(
      EXIT.usage,
      `"${text}" is not the ARN of a secret: write arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME, ` +
        'or the name alone.',
    );
  return text;
}

function isNamed(token: Token, text: string): boolean {
  return token.name === text || token.id === text || token.secretArn === text;
}

/**
 * Without going through the whole inventory: by id, by ARN, or by the name Secrets Manager knows. What it
 * knows in another way, such as by half an ARN, is not meant.
 */
async function directly(text: string, ports: CliPorts): Promise<Token | undefined> {
  const byId = (await ports.inventory.load(text.startsWith('arn:') ? tokenIdOf(text) : text))?.token;
  if (byId && isNamed(byId, text)) return byId;
  const arn = await ports.secrets.arnOf(text);
  const byName = arn === undefined ? undefined : (await ports.inventory.load(tokenIdOf(arn)))?.token;
  return byName && isNamed(byName, text) ? byName : undefined;
}

async function allTokens(ports: CliPorts): Promise<Token[]> {
  const found: Token[] = [];
  for await (const { token } of ports.inventory.all()) found.push(token);
  return found;
}

/** All but those that were let go. */
export async function attachedTokens(ports: Pick<CliPorts, 'inventory'>): Promise<Token[]> {
  const found: Token[] = [];
  for await (const { token } of ports.inventory.all()) if (token.detachedAt === undefined) found.push(token);
  return found;
}

/**
 * The only one of those that fit; a detached one is meant only when no other fits, since its secret may have
 * been made anew under its name.
 */
function pick(text: string, fitting: readonly Token[]): Token | undefined {
  const attached = fitting.filter((token) => token.detachedAt === undefined);
  const candidates = attached.length > 0 ? attached : fitting;
  if (candidates.length > 1)
    throw new CliError(EXIT.usage, `"${text}" may be ${listed(candidates)}: write more of it.`);
  return candidates[0];
}

async function beginning(text: string, ports: CliPorts): Promise<{ all: Token[]; fitting: Token[] }> {
  const all = await allTokens(ports);
  return { all, fitting: all.filter((token) => token.name.startsWith(text) || token.id.startsWith(text)) };
}

async function begunWith(text: string, context: CommandContext, ports: CliPorts): Promise<Token> {
  const { all, fitting } = await beginning(text, ports);
  const found = pick(text, fitting);
  if (!found) throw nothingFits(text, all, ports);
  context.err.line(`"${text}" was taken for ${found.name}.`, 'dim');
  return found;
}

async function refuseBeginning(text: string, ports: CliPorts): Promise<never> {
  const { all, fitting } = await beginning(text, ports);
  if (fitting.length === 0) throw nothingFits(text, all, ports);
  throw new CliError(
    EXIT.usage,
    `No token is named "${text}". What changes a token takes its whole name, id or ARN: write ` +
      `${listed(fitting)}.`,
  );
}

function nothingFits(text: string, all: readonly Token[], { installation }: CliPorts): CliError {
  return new CliError(
    EXIT.usage,
    `There is no token "${text}" in the installation ${installation}.${
      suggestion(
        text,
        all.map((token) => token.name),
      ) || ' `keyturn status` lists all.'
    }`,
  );
}

function listed(candidates: readonly Token[]): string {
  const repeated = new Set(candidates.map((token) => token.name)).size < candidates.length;
  const names = candidates.map((token) => (repeated ? token.id : token.name)).sort();
  const rest = names.length - MOST_SHOWN;
  return rest > 0 ? `${names.slice(0, MOST_SHOWN).join(', ')} or ${rest} more` : names.join(' or ');
}

/** A secret that is there and that the inventory does not have. */
export interface UntoldSecret {
  readonly name: string;
  readonly arn: string;
  /** As its tags say; undefined where this installation is not to manage it. */
  readonly provider: string | undefined;
}

/** The secret of this name or ARN, if there is one and no token of it is on record. */
export async function secretWithoutRecord(name: string, ports: CliPorts): Promise<UntoldSecret | undefined> {
  const arn = await ports.secrets.arnOf(name);
  if (arn === undefined || (await ports.inventory.load(tokenIdOf(arn)))) return undefined;
  const tags = (await ports.secrets.find(name))?.tags;
  return {
    name,
    arn,
    provider: tags?.get(TAGS.installation) === ports.installation ? tags.get(TAGS.issuer) : undefined,
  };
}

function untold({ name, provider }: UntoldSecret, installation: string): string {
  if (provider === undefined)
    return (
      `The secret ${name} is not registered with the installation ${installation}: register it with ` +
      `\`keyturn apply\`.`
    );
  return (
    `The secret ${name} is registered, and Keyturn has not taken it into its inventory yet: it does so ` +
    `within the hour, or at once with \`keyturn rotate ${name}\`.`
  );
}
