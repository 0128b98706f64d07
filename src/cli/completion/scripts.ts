import { COMPLETE } from './facts.js';
import type { Shell } from './shells.js';

const head = (shell: Shell): string => `# Completion of calicoctl in ${shell}: calicoctl itself is asked what may come next. Made by: calicoctl completion ${shell}`;

/** bash keeps the line; what it replaces begins behind the last of its word breaks, or an open quote. */
const bash = `${head('bash')}
_calicoctl() {
  local -a answer
  local current=\${COMP_WORDS[COMP_CWORD]}
  mapfile -t answer < <(command calicoctl ${COMPLETE} bash "$COMP_WORDBREAKS" "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null </dev/null)
  COMPREPLY=("\${answer[@]:1}")
  case \${answer[0]-} in
    open) compopt -o nospace ;;
    files*)
      if [[ \${#COMPREPLY[@]} == 0 ]]; then compopt -o default
      else mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "\${current#=}"); fi ;;
    directories*) compopt -o dirnames ;;
  esac
}
complete -F _calicoctl calicoctl
`;

/** zsh quotes what it inserts. The file works in a folder of fpath, and with source. */
const zsh = `#compdef calicoctl
${head('zsh')}
_calicoctl() {
  local -a answer names abouts shown space matching
  local line name first
  local -i width=0 at
  answer=("\${(@f)$(command calicoctl ${COMPLETE} zsh -- "\${(@Q)words[1,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null </dev/null)}")
  first=$answer[1]
  for line in "\${(@)answer[2,-1]}"; do
    name=\${line%%$'\\t'*}
    names+=("$name")
    abouts+=("\${\${line#$name}#$'\\t'}")
    (( \${#name} > width )) && width=\${#name}
  done
  for (( at = 1; at <= \${#names}; at++ )); do shown+=("\${(r:width:)names[at]}  \${abouts[at]}"); done
  matching=(-M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}')
  [[ $first == open ]] && space=(-S '')
  if [[ -n "\${(j::)abouts}" ]]; then compadd $matching $space -l -d shown -a names
  else compadd $matching $space -a names; fi
  if [[ $first == (files|directories)* ]]; then
    compset -p \${first#* }
    if [[ $first == files* ]]; then _files; else _files -/; fi
  fi
}
if [[ $funcstack[1] == _calicoctl ]]; then _calicoctl; else compdef _calicoctl calicoctl; fi
`;

/** fish quotes what it inserts, too. */
const fish = `${head('fish')}
function __calicoctl_complete
    set -l current (commandline -ct)
    set -l answer (command calicoctl ${COMPLETE} fish -- (commandline -opc) "$current" 2>/dev/null </dev/null)
    if test (count $answer) -gt 1
        printf '%s\\n' $answer[2..-1]
    end
    set -l first (string split ' ' -- "$answer[1]")
    if contains -- "$first[1]" files directories
        set -l lead (string sub -l $first[2] -- "$current")
        set -l begun (string sub -s (math $first[2] + 1) -- "$current" | string replace -r '^["\\']' '' | string unescape)
        set -l paths
        if test $first[1] = files
            set paths (__fish_complete_path "$begun")
        else
            set paths (__fish_complete_directories "$begun")
        end
        for path in $paths
            printf '%s\\n' "$lead$path"
        end
    end
end
complete -c calicoctl -f -a '(__calicoctl_complete)'
`;

/** The script of each shell. They are thin and hold nothing that changes: one function that asks `calicoctl __complete`. */
export const SCRIPTS: Readonly<Record<Shell, string>> = { bash, zsh, fish };
