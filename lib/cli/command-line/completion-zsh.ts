import { shellQuoted } from '../../../functions/core/basics/shell.ts';
import type { Candidate, Grammar } from './completion-grammar.ts';

/** A script for zsh: a file of fpath, or sourced after compinit. */
export function zshCompletion({ first, nouns, common, commands }: Grammar): string {
  const cases = commands.map(
    ({ name, options, words, takesFile }) =>
      `    ${shellQuoted(name)}) own=(${described(options)}) ` +
      `values=(${words.map(shellQuoted).join(' ')}) files=${takesFile ? 1 : 0} ;;`,
  );
  return `#compdef keyturn
_keyturn() {
  local first='' second='' word name files=0
  local -a verbs own values
  for word in \${words[2,CURRENT-1]}; do
    [[ $word == -* ]] && continue
    if [[ -z $first ]]; then first=$word; elif [[ -z $second ]]; then second=$word; fi
  done
  if [[ \${words[CURRENT-1]} == --file ]]; then _files; return; fi
  name=$first
  case $first in
${nouns.map((noun) => `    ${noun.name}) verbs=(${described(noun.candidates)}) ;;`).join('\n')}
  esac
  [[ $#verbs -gt 0 && -n $second ]] && name="$first $second"
  case $name in
${cases.join('\n')}
  esac
  local -a firsts=(${described(first)}) common=(${described(common)})
  if [[ $PREFIX == -* ]]; then _describe option own -- common
  elif [[ -z $first ]]; then _describe command firsts
  elif [[ $#verbs -gt 0 && -z $second ]]; then _describe command verbs
  elif [[ $files == 1 ]]; then _files
  elif [[ $#values -gt 0 ]]; then compadd -- $values
  fi
}
if [[ $funcstack[1] == _keyturn ]]; then _keyturn "$@"; else compdef _keyturn keyturn; fi
`;
}

function described(list: readonly Candidate[]): string {
  return list.map(({ word, meaning }) => shellQuoted(`${word.replaceAll(':', '\\:')}:${meaning}`)).join(' ');
}
