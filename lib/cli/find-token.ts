import { tokenIdOf } from '../../functions/core/names.ts';
import type { Token } from '../../functions/core/token.ts';
import type { CliPorts, CommandContext } from './command.ts';
import { CliError, EXIT } from './exit.ts';
import { suggestion } from './nearest.ts';

/** So many names are shown of those that a prefix fits. */
const MOST_SHOWN = 5;

/** The token that the first positional argument names: its secret's name, its id, or the beginning of one of them. Errors: {@link CliError} with suggestions. */
export async function namedToken(context: CommandContext, ports: CliPorts): Promise<Token> {
  const [text] = context.args.positionals;
  if (text === undefined || text === '') throw new CliError(EXIT.usage, 'Which token? Give its name, its id, or the beginning of one; `keyturn status` lists them.');
  return (await directly(text, ports)) ?? chosen(text, await allTokens(ports), ports.installation);
}

/** Without going through the whole inventory: by id, by ARN, or by the name Secrets Manager knows. */
async function directly(text: string, ports: CliPorts): Promise<Token | undefined> {
  const byId = await ports.inventory.load(text.startsWith('arn:') ? tokenIdOf(text) : text);
  if (byId) return byId.token;
  const arn = await ports.secrets.arnOf(text);
  return arn === undefined ? undefined : (await ports.inventory.load(tokenIdOf(arn)))?.token;
}

async function allTokens(ports: CliPorts): Promise<Token[]> {
  const found: Token[] = [];
  for await (const { token } of ports.inventory.all()) found.push(token);
  return found;
}

/** A detached token is meant only when no other one fits: its secret may have been made anew under its name. */
function chosen(text: string, tokens: readonly Token[], installation: string): Token {
  const exact = tokens.filter((token) => token.name === text);
  const fitting = exact.length > 0 ? exact : tokens.filter((token) => token.name.startsWith(text) || token.id.startsWith(text));
  const attached = fitting.filter((token) => token.detachedAt === undefined);
  const candidates = attached.length > 0 ? attached : fitting;
  const [only] = candidates;
  if (!only) throw new CliError(EXIT.usage, `There is no token "${text}" in the installation ${installation}.${suggestion(text, tokens.map((token) => token.name)) || ' `keyturn status` lists all.'}`);
  if (candidates.length === 1) return only;
  throw new CliError(EXIT.usage, `"${text}" may be ${listed(candidates)}: write more of it.`);
}

function listed(candidates: readonly Token[]): string {
  const repeated = new Set(candidates.map((token) => token.name)).size < candidates.length;
  const names = candidates.map((token) => (repeated ? token.id : token.name)).sort();
  const rest = names.length - MOST_SHOWN;
  return rest > 0 ? `${names.slice(0, MOST_SHOWN).join(', ')} or ${rest} more` : names.join(' or ');
}
