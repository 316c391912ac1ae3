// The key that signs access tokens of a data directory: DIR/token.key, made once, readable by its owner only.
// The server and `token mint` share it, whichever comes first. Any thread; blocks on the disk.
#pragma once

#include <filesystem>
#include <string>

namespace qtable::tools {

// 32 random bytes as base64url. Creates the directory and the file when missing; of two that make it at once,
// one wins and both get the same. Throws command_error.
std::string data_dir_token_key(const std::filesystem::path& data_dir);

// The refusal to work with `key`; does nothing when it is long enough. It shows a fresh key to use instead.
void require_token_key(const std::string& key);

}  // namespace qtable::tools
