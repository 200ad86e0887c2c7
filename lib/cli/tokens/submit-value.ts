import { createHash } from 'node:crypto';
import { faultOfSubmission } from '../../../functions/core/rotation/submissions.ts';
import { valueOf } from '../../../functions/core/issuer/identity.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { Secret } from '../../../functions/core/basics/secret.ts';
import { openAttempt } from '../../../functions/core/token/lookups.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { CliPorts, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT } from '../command-line/exit.ts';

/**
 * Takes a value that a person created, asks whether it can be used, and stores it for the next rotation. The
 * functions ask all of it again. Errors: {@link CliError}, before anything is stored.
 */
export async function submitFrom(context: CommandContext, ports: CliPorts, token: Token): Promise<void> {
  const descriptor = ports.descriptor(token.provider);
  if (!descriptor?.byPerson)
    throw new CliError(
      EXIT.refused,
      `${descriptor?.title ?? token.provider} need no value from you: run \`keyturn rotate ${token.name}\`.`,
    );
  if (openAttempt(token))
    throw refused(
      token,
      'a rotation of it is under way: wait until it has ended',
      'The value was not stored',
    );
  const text = await readValue(context, descriptor);
  await requireNew(text, token, ports);
  const value = new Secret(text);
  const account = token.reach?.account;
  const shown = await ports.askIssuer(token.provider, value, account);
  if (shown.outcome === 'unknown')
    throw refused(token, `its issuer does not say whose it is. ${shown.reason}`.replace(/\.$/, ''));
  const expected = {
    account,
    scopes: token.wantedScopes,
    policy: token.policy,
    now: await ports.now(),
  };
  const fault = faultOfSubmission(shown, expected);
  if (fault !== undefined) throw refused(token, fault);
  await ports.submitValue(token.secretArn, value);
}

/** Why a rotation cannot be asked for without a value; undefined where it can. */
export function wantsValue(token: Token, descriptor: ProviderDescriptor | undefined): string | undefined {
  return descriptor?.byPerson
    ? `Only a person can create a value for ${token.name}: create one at ${descriptor.byPerson.link}, then ` +
        `run \`keyturn rotate ${token.name} --value-stdin\`. \`keyturn issuer show ${descriptor.id}\` ` +
        'prints each step.'
    : undefined;
}

async function readValue(
  { readInput, isTty, askHidden }: CommandContext,
  { title, pattern, longestValue = 65_536 }: ProviderDescriptor,
): Promise<string> {
  const given = (await readInput()) ?? (isTty ? await askHidden('The new value (not shown): ') : '');
  const text = valueOf(given);
  if (text === '')
    throw new CliError(
      EXIT.usage,
      'No value was given: type it where it is asked for, or send it through standard input.',
    );
  const isWhole = pattern === undefined || pattern.exec(text)?.[0] === text;
  if (isWhole && !/\s/.test(text) && text.length <= longestValue) return text;
  throw new CliError(
    EXIT.usage,
    `What was given is no value of ${title}: send the bare value alone, without its name or quotes.`,
  );
}

/** Its SHA-256 tells the function `leaks` whether it is known; the value stays here. */
async function requireNew(text: string, token: Token, ports: CliPorts): Promise<void> {
  const digest = createHash('sha256').update(text).digest('hex');
  const owned = (await ports.whose([digest])).flat();
  if (owned.some((one) => one.isKnown)) throw refused(token, 'it was reported as leaked: create a new one');
  if (owned.some((one) => one.tokenId === token.id && one.state === 'current'))
    throw refused(token, 'it is the current value already: create a new one');
  const [first] = owned;
  if (first) throw refused(token, `it is a value of ${first.name} already: create a new one`);
}

function refused({ name }: Token, why: string, what = 'This value cannot be used'): CliError {
  return new CliError(EXIT.refused, `${what} for ${name}: ${why}. Nothing was stored.`);
}
