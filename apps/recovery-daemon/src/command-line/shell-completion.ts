export type Shell = "bash" | "zsh" | "fish";

/** A command, by its words after the program's name, and what may follow it. */
export interface CompletedCommand {
  /** Such as ` quarantine list`; empty for the program itself. */
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly meaning: string }[];
}

/** For each shell a script that completes these commands. */
export const scriptsFor: Readonly<Record<Shell, (commands: readonly CompletedCommand[]) => string>> = {
  bash: (commands) => `_turnkeep() {
  local at="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in ${pathsOf(commands)}) at="$at $word" ;; esac
  done
  case "$at" in
${commands.map(({ path, words }) => `    "${path}") COMPREPLY=($(compgen -W "${wordsOf(words)}" -- "\${COMP_WORDS[COMP_CWORD]}")) ;;`).join("\n")}
  esac
}
complete -o default -F _turnkeep turnkeep
`,
  zsh: (commands) => `#compdef turnkeep
_turnkeep() {
  local at="" word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in (${pathsOf(commands)}) at="$at $word" ;; esac
  done
  case "$at" in
${commands.map(({ path, words }) => `    ("${path}") compadd -- ${wordsOf(words)} ;;`).join("\n")}
  esac
}
compdef _turnkeep turnkeep
`,
  fish: (commands) => `function __turnkeep_at
  set -l at ""
  for word in (commandline -opc)[2..-1]
    switch "$at $word"
      case ${pathsOf(commands, " ")}
        set at "$at $word"
    end
  end
  test "$at" = "$argv[1]"
end
complete -c turnkeep -f
${commands.flatMap(({ path, words }) => words.map(({ word, meaning }) => fishLine(path, word, meaning))).join("\n")}
`,
};

const pathsOf = (commands: readonly CompletedCommand[], between = "|"): string =>
  commands.flatMap(({ path }) => (path === "" ? [] : `"${path}"`)).join(between);

const wordsOf = (words: CompletedCommand["words"]): string => words.map(({ word }) => word).join(" ");

function fishLine(path: string, word: string, meaning: string): string {
  const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-a ${word}`;
  return `complete -c turnkeep -n '__turnkeep_at "${path}"' ${what} -d '${meaning.replace(/['\\]/g, "\\$&")}'`;
}
