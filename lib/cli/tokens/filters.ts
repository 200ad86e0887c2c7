import type { Token } from '../../../functions/core/token/token.ts';
import type { CommandContext } from '../command-line/command.ts';
import { CliError, EXIT } from '../command-line/exit.ts';
import { suggestion } from '../command-line/nearest.ts';

/** Options that choose among tokens, each with what it looks at. */
export const FILTERS = {
  owner: (token: Token) => token.owner,
  issuer: (token: Token) => token.provider,
  environment: (token: Token) => token.environment,
} as const satisfies Record<string, (token: Token) => string>;
type FilterName = keyof typeof FILTERS;

const NAMES = ['owner', 'issuer', 'environment'] as const satisfies readonly FilterName[];

/** Whether only some tokens were asked for. */
export function isNarrowed({ args }: Pick<CommandContext, 'args'>): boolean {
  return NAMES.some((name) => args.has(name));
}

/**
 * Those of the tokens that every filter lets through. Errors: {@link CliError} where none is left: a slip
 * must not look like good news.
 */
export function filtered(tokens: readonly Token[], { args }: Pick<CommandContext, 'args'>): Token[] {
  const given = NAMES.filter((name) => args.has(name));
  const wanted = tokens.filter((token) => given.every((name) => FILTERS[name](token) === args.value(name)));
  if (given.length === 0 || wanted.length > 0) return wanted;
  for (const name of given) requireKnown(name, args.value(name) ?? '', tokens);
  throw new CliError(
    EXIT.usage,
    `No token has ${given.map((name) => `the ${name} ${args.value(name) ?? ''}`).join(' and ')} ` +
      'together: leave one of them out.',
  );
}

function requireKnown(name: FilterName, value: string, tokens: readonly Token[]): void {
  const known = [...new Set(tokens.map(FILTERS[name]))].sort();
  if (known.includes(value)) return;
  if (known.length === 0)
    throw new CliError(EXIT.usage, `No token has the ${name} "${value}": there are no tokens yet.`);
  const more = known.length > 10 ? ` and ${known.length - 10} more` : '';
  const hint = suggestion(value, known) || ` There are ${known.slice(0, 10).join(', ')}${more}.`;
  throw new CliError(EXIT.usage, `No token has the ${name} "${value}".${hint}`);
}
