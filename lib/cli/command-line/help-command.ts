import type { CliCommand, CommandContext } from './command.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { printHelp, printNoun, printOverview } from './help.ts';
import { noCommand, nounsOf, usageLine } from './nouns.ts';
import type { HelpJson } from '../json/program.ts';

export const help: CliCommand = {
  name: 'help',
  group: 'Operate',
  effect: 'reads',
  summary: 'Describe all commands, or one of them',
  usage: '[COMMAND]',
  examples: [
    ['keyturn help', 'all commands'],
    ['keyturn help rotate', 'one command, with its options and examples'],
    ['keyturn help review', 'the commands that begin with this word'],
  ],
  options: {},
  takes: 2,
  run,
};

async function run({ args, out, commands: load }: CommandContext): Promise<ExitCode> {
  const [first, second] = args.positionals;
  const commands = await load();
  if (args.has('json')) out.json({ commands: commands.map(viewOf) });
  else if (first === undefined) printOverview(commands, out);
  else about(first, second, { commands, out });
  return EXIT.ok;
}

function viewOf(command: CliCommand): HelpJson['commands'][number] {
  const { name, group, summary, effect, options, examples } = command;
  return {
    name,
    group,
    summary,
    effect,
    usage: usageLine(command),
    options,
    examples: examples.map(([line, meaning]) => ({ line, meaning })),
  };
}

function about(
  first: string,
  second: string | undefined,
  { commands, out }: { commands: readonly CliCommand[]; out: CommandContext['out'] },
): void {
  const names = commands.map(({ name }) => name);
  const noun = nounsOf(names).find((one) => one.name === first);
  if (noun && second === undefined) return printNoun(noun, commands, out);
  const command = commands.find(({ name }) => name === (second === undefined ? first : `${first} ${second}`));
  if (!command) throw noCommand(names, first, second);
  printHelp(command, out);
}
