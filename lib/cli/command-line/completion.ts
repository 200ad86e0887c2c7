import type { CliCommand, CommandContext } from './command.ts';
import { bashCompletion } from './completion-bash.ts';
import { fishCompletion } from './completion-fish.ts';
import { grammarOf } from './completion-grammar.ts';
import { zshCompletion } from './completion-zsh.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { suggestion } from './nearest.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

export const completion: CliCommand = {
  name: 'completion',
  group: 'Operate',
  effect: 'reads',
  summary: 'Print the script that completes commands and options in a shell',
  usage: 'bash|zsh|fish',
  examples: [
    ['keyturn completion bash > ~/.local/share/bash-completion/completions/keyturn', 'for bash'],
    ['keyturn completion zsh > ~/.zfunc/_keyturn', 'for zsh, in a folder of fpath'],
    ['keyturn completion fish > ~/.config/fish/completions/keyturn.fish', 'for fish'],
  ],
  options: {},
  takes: 1,
  run,
};

async function run({ args, out, commands }: CommandContext): Promise<ExitCode> {
  const [text] = args.positionals;
  const shell = shellNamed(text);
  const script = SHELLS[shell](grammarOf(await commands()));
  if (args.has('json')) out.json({ shell, script });
  else out.raw(script);
  return EXIT.ok;
}

function shellNamed(text: string | undefined): keyof typeof SHELLS {
  const names = ['bash', 'zsh', 'fish'] as const;
  const found = names.find((one) => one === text);
  if (found !== undefined) return found;
  throw new CliError(
    EXIT.usage,
    text === undefined
      ? 'For which shell? Write bash, zsh or fish.'
      : `There is no completion for "${text}".${suggestion(text, names) || ' There are bash, zsh and fish.'}`,
  );
}
