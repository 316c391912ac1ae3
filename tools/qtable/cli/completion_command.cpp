// `qtable completion SHELL`: made from the commands as they are.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "tools/qtable/cli/command.hpp"
#include "tools/qtable/cli/failure.hpp"

namespace qtable::tools {

namespace {

std::string words_of(const CLI::App& app) {
    std::string words;
    for (const CLI::App* each : app.get_subcommands([](const CLI::App*) { return true; }))
        words += each->get_name() + ' ';
    for (const CLI::Option* each : app.get_options()) {
        for (const std::string& name : each->get_lnames()) words += "--" + name + ' ';
    }
    if (!words.empty()) words.pop_back();
    return words;
}

// One line of a case for each command, by its words with underscores.
void add_cases(std::string& out, const CLI::App& app, const std::string& path) {
    out += "    " + path + ") words=\"" + words_of(app) + "\" ;;\n";
    for (const CLI::App* each : app.get_subcommands([](const CLI::App*) { return true; }))
        add_cases(out, *each, path + '_' + each->get_name());
}

// Words that aren't flags lead to the command; zsh reads it through bashcompinit.
std::string bash_script(const CLI::App& program) {
    std::string out =
        "_qtable() {\n"
        "  local word path=qtable words i\n"
        "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
        "    word=${COMP_WORDS[i]}\n"
        "    [[ $word == -* ]] && break\n"
        "    path+=_$word\n"
        "  done\n"
        "  case $path in\n";
    add_cases(out, program, "qtable");
    out +=
        "  esac\n"
        "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
        "}\n"
        "complete -o default -F _qtable qtable\n";
    return out;
}

void add_fish(std::string& out, const CLI::App& app, const std::string& seen) {
    const std::string when = seen.empty() ? "__fish_use_subcommand" : "__fish_seen_subcommand_from " + seen;
    for (const CLI::App* each : app.get_subcommands([](const CLI::App*) { return true; })) {
        out += "complete -c qtable -n '" + when + "' -a " + each->get_name() + '\n';
        add_fish(out, *each, each->get_name());
    }
    for (const CLI::Option* each : app.get_options()) {
        for (const std::string& name : each->get_lnames())
            out += "complete -c qtable -n '" + when + "' -l " + name + '\n';
    }
}

}  // namespace

void add_completion_command(CLI::App& program, commands& to) {
    const auto shell = std::make_shared<std::string>();
    CLI::App* const app =
        program.add_subcommand("completion", "Prints what completes commands and flags in a shell.");
    app->add_option("shell", *shell)->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
    app->footer(examples("qtable completion bash >/etc/bash_completion.d/qtable",
                         "qtable completion fish >~/.config/fish/completions/qtable.fish"));
    to.push_back({app, [shell, &program] {
                      std::string out;
                      if (*shell == "fish") {
                          add_fish(out, program, "");
                      } else {
                          if (*shell == "zsh") out += "autoload -U +X bashcompinit && bashcompinit\n";
                          out += bash_script(program);
                      }
                      std::fputs(out.c_str(), stdout);
                      return exit_ok;
                  }});
}

}  // namespace qtable::tools
