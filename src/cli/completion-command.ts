import { Argument, Command } from "commander";
import { writeToStdout } from "./output.ts";

/** `jprof completion`: a script for the shell, made from the commands themselves. */
export function completionCommand(program: () => Command): Command {
  return new Command("completion")
    .description("print a completion script for a shell")
    .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"]))
    .addHelpText("after", "\nExample:\n  source <(jprof completion bash)")
    .action(async (shell: "bash" | "zsh" | "fish") => {
      const { completionScript } = await import("./completion.ts");
      await writeToStdout(completionScript(program(), shell));
    });
}
