/** A shell whose completion is known. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * The script by which a shell completes `plue` and `npx plue`: it asks the command line itself, which knows commands, options
 * and names as they are then.
 *
 * @param launcher path of `scripts/plue.mjs`; any other `plue` might be a stranger's
 */
export function completionScript(shell: Shell, launcher: string): string {
  const ask = `node ${quoted(launcher)} complete --`;
  const head = `# Completion of plue and npx plue for ${shell}. Written by: npx plue completion ${shell}\n`;
  return head + { bash, zsh, fish }[shell](ask);
}

/** Between quotes of a shell: each of the three takes these. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const bash = (ask: string) => `_plue() {
  local at=1 IFS=$'\\n'
  COMPREPLY=()
  if [ "\${COMP_WORDS[0]##*/}" = npx ]; then
    while [[ "\${COMP_WORDS[at]}" == -* ]]; do at=$((at + 1)); done
    [ "\${COMP_WORDS[at]}" = plue ] && [ "$COMP_CWORD" -gt "$at" ] || return 0
    at=$((at + 1))
  fi
  COMPREPLY=($(${ask} "\${COMP_WORDS[@]:at:COMP_CWORD-at+1}" 2>/dev/null | cut -f1))
}
complete -o default -F _plue plue npx
`;

const zsh = (ask: string) => `_plue() {
  local at=2
  if [[ \${words[1]:t} == npx ]]; then
    while [[ \${words[at]} == -* ]]; do (( at++ )); done
    if [[ \${words[at]} != plue || $CURRENT -le $at ]]; then _files; return; fi
    (( at++ ))
  fi
  local -a found
  found=("\${(@f)$(${ask} "\${(@)words[at,CURRENT]}" 2>/dev/null)}")
  found=("\${(@)found/$'\\t'/:}")
  if [[ -n "\${found[*]}" ]]; then _describe plue found; else _files; fi
}
compdef _plue plue npx
`;

const fish = (ask: string) => `function __plue_words
    set -l given (commandline -opc)
    if string match -q -r '(^|/)npx$' -- $given[1]
        set -e given[1]
        while string match -q -- '-*' $given[1]
            set -e given[1]
        end
    end
    string match -q -r '(^|/)plue$' -- $given[1]; or return 1
    set -e given[1]
    set -q given[1]; and printf '%s\\n' $given
    return 0
end
function __plue_complete
    set -l current (commandline -ct)
    set -l found (${ask} (__plue_words) "$current" 2>/dev/null)
    if test -n "$found"
        printf '%s\\n' $found
    else
        __fish_complete_path $current
    end
end
complete -c plue -f -a '(__plue_complete)'
complete -c npx -n '__plue_words >/dev/null' -f -a '(__plue_complete)'
`;
