/** A command of the AWS CLI as a page has it. */
export interface AwsCommand {
  readonly service: string;
  /** As it is typed: `put-secret-value`. */
  readonly command: string;
  readonly positionals: readonly string[];
  /** By the option's name, without dashes; a flag is `true`, one with `no-` before it `false`. */
  readonly options: Readonly<Record<string, string | boolean>>;
}

/** Commands of the AWS CLI on a page: lines of its `sh` blocks, and code in a line. */
export function awsCommandsOf(markdown: string): AwsCommand[] {
  const blocks = [...markdown.matchAll(/^( *)```sh\n([^]*?)^\1```/gm)].flatMap(([, , text = '']) =>
    text.split('\n'),
  );
  const inline = [...markdown.matchAll(/`(aws [^`]+)`/g)].map(([, text = '']) => text);
  return [...blocks, ...inline].map((line) => line.trim()).flatMap((line) => parsed(line) ?? []);
}

function parsed(line: string): AwsCommand | undefined {
  const [program, service, command, ...rest] = words(line);
  if (program !== 'aws' || service === undefined || command === undefined) return undefined;
  const positionals: string[] = [];
  const options: Record<string, string | boolean> = {};
  for (let place = 0; place < rest.length; place++) {
    const word = rest[place] ?? '';
    const next = rest[place + 1];
    if (!word.startsWith('--')) positionals.push(word);
    else if (next === undefined || next.startsWith('--'))
      options[word.replace(/^--(no-)?/, '')] = !word.startsWith('--no-');
    else {
      options[word.slice(2)] = next;
      place++;
    }
  }
  return { service, command, positionals, options };
}

/** Words as a shell splits them: single quotes keep what is between them, and a comment ends the line. */
function words(line: string): string[] {
  const found = [...line.matchAll(/'([^']*)'|(#.*$)|(\S+)/g)];
  const end = found.findIndex(([, , comment]) => comment !== undefined);
  return (end === -1 ? found : found.slice(0, end)).map(([, quoted, , bare]) => quoted ?? bare ?? '');
}
