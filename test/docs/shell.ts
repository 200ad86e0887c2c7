/**
 * Commands that a page tells people to run: the lines of its `sh` blocks, and code in a line that begins with
 * npm or npx.
 */
export function commandsOf(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^( *)```sh\n([^]*?)^\1```/gm)].map(([, , text = '']) => text);
  const lines = blocks.flatMap((block) => block.split('\n')).flatMap(parts);
  const inline = [...markdown.matchAll(/`(np[mx] [^`]+)`/g)].flatMap(([, text = '']) => parts(text));
  return [...lines, ...inline];
}

/** The commands of one line of a shell, without comments. */
function parts(line: string): string[] {
  return line
    .replace(/(^|\s)#.*$/, '')
    .split(/&&|\||;/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** What there is to run. */
export interface Known {
  /** Scripts of package.json. */
  readonly scripts: readonly string[];
  /** Programs of the package, and of the packages that it names. */
  readonly programs: readonly string[];
}

/** What is wrong with a command of npm or npx; undefined for one that can be run, and for other programs. */
export function problemOf(command: string, { scripts, programs }: Known): string | undefined {
  const [tool = '', first = '', second = ''] = command.split(/\s+/);
  if (tool === 'npm') return npmProblem(first, second, scripts);
  if (tool !== 'npx') return undefined;
  if (first !== '--no') return 'npx may download a package of that name: write npx --no';
  if (second.startsWith('-') || !programs.includes(second))
    return `no package here has the program ${second}`;
  return undefined;
}

function npmProblem(first: string, second: string, scripts: readonly string[]): string | undefined {
  if (first === 'ci') return undefined;
  const script = first === 'run' ? second : first;
  const isShort = first === 'run' || first === 'start' || first === 'test';
  return isShort && scripts.includes(script) ? undefined : `package.json has no script ${script}`;
}
