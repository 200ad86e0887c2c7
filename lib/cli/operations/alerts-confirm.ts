import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import type { ConfirmedJson } from '../json/operations.ts';

export const alertsConfirm: CliCommand = {
  name: 'alerts confirm',
  group: 'Operate',
  effect: 'changes',
  summary: 'Confirm a subscription to alerts with a signature; a forwarded mail then cannot end it',
  usage: '',
  examples: [
    [
      'pbpaste | keyturn alerts confirm',
      'the link of the mail, or its token, through standard input; do not follow the link',
    ],
  ],
  options: {},
  // Whatever is given is rejected without being repeated.
  takes: Infinity,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  if (context.args.positionals.length > 0)
    throw new CliError(
      EXIT.usage,
      'A link or its token is never an argument: it would stay in the history of your shell. Send it ' +
        'through standard input: `pbpaste | keyturn alerts confirm`.',
    );
  const { topicArn, token } = linkIn(await context.readInput());
  const { topics } = await context.ports();
  const arns = await topics.arns();
  if (topicArn !== undefined && !arns.includes(topicArn))
    throw new CliError(
      EXIT.refused,
      'Nothing was confirmed: this link is for a topic of another installation. Correct ' +
        '--installation, --region or --profile, or ignore the mail.',
    );
  const { endpoint, isAuthenticated } = await topics.confirm(topicArn ?? arns[0], token);
  const view: ConfirmedJson = { endpoint, authenticated: isAuthenticated };
  if (context.args.has('json')) context.out.json(view);
  else if (isAuthenticated)
    context.out.line(`${endpoint} is confirmed: only signed requests can unsubscribe it.`);
  else
    context.out.line(
      `${endpoint} was confirmed before, without a signature: anybody who gets one of its mails can ` +
        'unsubscribe it. Unsubscribe it, subscribe it again, and confirm that with this command.',
      'bad',
    );
  return isAuthenticated ? EXIT.ok : EXIT.failed;
}

/**
 * What the mail asks to follow, or what is left of it when only the token was copied. Errors:
 * {@link CliError}, without a word of what was given.
 */
function linkIn(input: string | undefined): { topicArn: string | undefined; token: string } {
  if (input === undefined)
    throw new CliError(
      EXIT.usage,
      'What is to be confirmed? Send the link of the mail, or its token, through standard input: ' +
        '`pbpaste | keyturn alerts confirm`.',
    );
  const link = /https:\/\/sns\.[^\s"'<>]+/.exec(input)?.[0].replaceAll('&amp;', '&');
  const parts = link === undefined ? undefined : URL.parse(link)?.searchParams;
  const token = parts?.get('Token') ?? /^\s*([A-Za-z0-9]{32,1024})\s*$/.exec(input)?.[1];
  if (token === undefined)
    throw new CliError(
      EXIT.usage,
      'Nothing was confirmed: what came through standard input has no link with Token=…, and is no ' +
        'token. Copy the whole link of the mail.',
    );
  return { topicArn: parts?.get('TopicArn') ?? undefined, token };
}
