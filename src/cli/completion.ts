import type { Command, Option } from "commander";

/** A shell script that completes the program's commands, options and their values, and files. */
export function completionScript(program: Command, shell: "bash" | "zsh" | "fish"): string {
  const build = { bash: bashScript, zsh: zshScript, fish: fishScript }[shell];
  return build(program);
}

function bashScript(program: Command): string {
  const name = program.name();
  const commands = program.commands.map((command) => command.name());
  return `# bash completion of ${name}: source <(${name} completion bash)
_${name}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" before_comma=
  [[ $word == *,* ]] && before_comma="\${word%,*},"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${[...commands, ...flagsOf(program)].join(" ")}" -- "$word"))
    return
  fi
  case "$command:$before" in
${program.commands.flatMap((command) => command.options.flatMap((option) => bashValues(command, option))).join("\n")}
  esac
  case "$command:$word" in
${program.commands.map((command) => `    ${command.name()}:-*) COMPREPLY=($(compgen -W "${flagsOf(command, program).join(" ")}" -- "$word")); return ;;`).join("\n")}
  esac
${program.commands
  .filter((command) => argumentChoices(command).length > 0)
  .map(
    (command) =>
      `  [ "$command" = ${command.name()} ] && COMPREPLY=($(compgen -W "${argumentChoices(command).join(" ")}" -- "$word")) && return`,
  )
  .join("\n")}
  COMPREPLY=($(compgen -f -- "$word"))
}
complete -o filenames -F _${name} ${name}
`;
}

function bashValues(command: Command, option: Option): readonly string[] {
  if (!option.argChoices) return [];
  const patterns = namesOf(option).map((flag) => `${command.name()}:${flag}`);
  const choices = option.argChoices.join(" ");
  return [
    `    ${patterns.join("|")}) COMPREPLY=($(compgen -P "$before_comma" -W "${choices}" -- "\${word##*,}")); return ;;`,
  ];
}

function zshScript(program: Command): string {
  const name = program.name();
  const described = program.commands.map((command) => `'${command.name()}:${quoted(command.description())}'`);
  return `#compdef ${name}
# zsh completion of ${name}: source <(${name} completion zsh)
_${name}() {
  local -a commands=(${described.join(" ")})
  if (( CURRENT == 2 )); then
    _describe command commands
    _arguments ${program.options.map(zshOption).join(" ")}
    return
  fi
  case "$words[2]" in
${program.commands.map((command) => `    ${command.name()}) _arguments ${[...command.options.map(zshOption), zshArguments(command)].join(" ")} ;;`).join("\n")}
  esac
}
compdef _${name} ${name}
`;
}

function zshOption(option: Option): string {
  const text = `[${quoted(option.description).replaceAll("[", "(").replaceAll("]", ")")}]`;
  const value = takesValue(option) ? `:value:${option.argChoices ? `(${option.argChoices.join(" ")})` : "_files"}` : "";
  return namesOf(option)
    .map((flag) => `'${flag}${text}${value}'`)
    .join(" ");
}

function zshArguments(command: Command): string {
  const choices = argumentChoices(command);
  return choices.length > 0 ? `'*:value:(${choices.join(" ")})'` : "'*:file:_files'";
}

function fishScript(program: Command): string {
  const name = program.name();
  const top = `complete -c ${name} -n __fish_use_subcommand`;
  const lines = program.commands.flatMap((command) => {
    const below = `complete -c ${name} -n '__fish_seen_subcommand_from ${command.name()}'`;
    const choices = argumentChoices(command);
    return [
      `${top} -f -a ${command.name()} -d '${quoted(command.description())}'`,
      ...command.options.map((option) => `${below} ${fishOption(option)}`),
      ...(choices.length > 0 ? [`${below} -f -a '${choices.join(" ")}'`] : []),
    ];
  });
  return [
    `# fish completion of ${name}: ${name} completion fish | source`,
    ...program.options.map((option) => `${top} ${fishOption(option)}`),
    ...lines,
    "",
  ].join("\n");
}

function fishOption(option: Option): string {
  const flags = namesOf(option).map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const value = option.argChoices ? [`-x -a '${option.argChoices.join(" ")}'`] : takesValue(option) ? ["-r"] : [];
  return [...flags, ...value, `-d '${quoted(option.description)}'`].join(" ");
}

function flagsOf(...commands: readonly Command[]): readonly string[] {
  return [...commands.flatMap(({ options }) => options.flatMap(namesOf)), "--help"];
}

function namesOf(option: Option): readonly string[] {
  return [option.short, option.long].filter((flag) => flag !== undefined && flag !== null);
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function argumentChoices(command: Command): readonly string[] {
  return command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
}

/** Text inside single quotes of a shell. */
function quoted(text: string): string {
  return text.replaceAll("'", "").replaceAll(":", " –");
}
