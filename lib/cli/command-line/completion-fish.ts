import type { Candidate, Grammar } from './completion-grammar.ts';

/** A script for fish. */
export function fishCompletion({ first, nouns, common, commands }: Grammar): string {
  return [
    '# fish completion for keyturn',
    'function __keyturn_words',
    "    string match --invert -- '-*' (commandline --tokenize --cut-at-cursor --current-process)[2..]",
    'end',
    'function __keyturn_at',
    '    set -l words (__keyturn_words)',
    '    test "$words" = "$argv"',
    'end',
    'function __keyturn_in',
    '    set -l words (__keyturn_words)',
    '    set -l name (string split " " -- $argv[1])',
    '    set -l size (count $name)',
    '    test (count $words) -ge $size; and test "$words[1..$size]" = "$argv[1]"',
    'end',
    'complete -c keyturn -f',
    ...first.map((one) => line("__keyturn_at ''", one)),
    ...nouns.flatMap(({ name, candidates }) => candidates.map((one) => line(`__keyturn_at ${name}`, one))),
    ...common.map(({ word, meaning }) => `complete -c keyturn -l ${word.slice(2)} -d ${quoted(meaning)}`),
    ...commands.flatMap(({ name, options, words, takesFile }) => [
      ...options.map(
        ({ word, meaning }) =>
          `complete -c keyturn -n ${quoted(`__keyturn_in '${name}'`)} -l ${word.slice(2)} -d ` +
          quoted(meaning),
      ),
      ...words.map((word) => `complete -c keyturn -n ${quoted(`__keyturn_at ${name}`)} -a ${word}`),
      ...(takesFile ? [`complete -c keyturn -n ${quoted(`__keyturn_in '${name}'`)} -F`] : []),
    ]),
    '',
  ].join('\n');
}

function line(condition: string, { word, meaning }: Candidate): string {
  return `complete -c keyturn -n ${quoted(condition)} -a ${word} -d ${quoted(meaning)}`;
}

/** Single quotes of fish know two escapes: of themselves, and of the backslash. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
