// What the console's pages learn from `qtable dev` alone: the letters in its directory and the demo's
// account. Plain functions; `dev_answer_of` makes what any core may call.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace qtable::tools {

// "mails": the newest letters, as they were written. "accounts": who may log in, when `has_demo`.
std::function<std::string(std::string_view name)> dev_answer_of(const std::filesystem::path& mail_dir,
                                                                bool has_demo);

}  // namespace qtable::tools
