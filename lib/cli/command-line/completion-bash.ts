import type { Grammar } from './completion-grammar.ts';

/** A script for bash, without any package beside it. */
export function bashCompletion({ first, nouns, common, commands }: Grammar): string {
  const words = (list: readonly { readonly word: string }[]): string =>
    list.map(({ word }) => word).join(' ');
  const cases = commands.map(
    ({ name, options, words: own, takesFile }) =>
      `    '${name}') options='${words(options)}' words='${own.join(' ')}' files=${takesFile ? 1 : 0} ;;`,
  );
  return `# bash completion for keyturn
_keyturn() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} first='' second='' index word
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    [[ $word == -* ]] && continue
    if [[ -z $first ]]; then first=$word; elif [[ -z $second ]]; then second=$word; fi
  done
  COMPREPLY=()
  if [[ $before == --file ]]; then COMPREPLY=($(compgen -f -- "$current")); return; fi
  local verbs='' name=$first options='' words='' files=0
  case $first in
${nouns.map((noun) => `    ${noun.name}) verbs='${noun.verbs.join(' ')}' ;;`).join('\n')}
  esac
  [[ -n $verbs && -n $second ]] && name="$first $second"
  case $name in
${cases.join('\n')}
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options ${words(common)}" -- "$current"))
  elif [[ -z $first ]]; then
    COMPREPLY=($(compgen -W '${words(first)}' -- "$current"))
  elif [[ -n $verbs && -z $second ]]; then
    COMPREPLY=($(compgen -W "$verbs" -- "$current"))
  elif [[ $files == 1 ]]; then
    COMPREPLY=($(compgen -f -- "$current"))
  elif [[ -n $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}
complete -F _keyturn keyturn
`;
}
