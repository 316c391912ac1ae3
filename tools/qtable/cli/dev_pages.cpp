#include "tools/qtable/cli/dev_pages.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <vector>

#include "proto/json_writer.hpp"
#include "tools/qtable/cli/demo.hpp"

namespace qtable::tools {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t letters_max = 50;
constexpr std::size_t letter_bytes_max = 64 * 1024;

std::string read_start(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text(letter_bytes_max, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

// Their names are UUIDv7: the newest come last.
std::string mails_json(const fs::path& directory) {
    std::vector<fs::path> files;
    std::error_code failed;
    for (const auto& each : fs::directory_iterator(directory, failed)) {
        if (each.path().extension() == ".eml") files.push_back(each.path());
    }
    std::sort(files.rbegin(), files.rend());
    const std::size_t total = files.size();
    files.resize(std::min(total, letters_max));
    std::string out;
    proto::json_writer json(out);
    json.begin_object().key("total").integer(static_cast<std::int64_t>(total)).key("items").begin_array();
    for (const fs::path& each : files)
        json.begin_object()
            .key("name")
            .text(each.stem().string())
            .key("raw")
            .text(read_start(each))
            .end_object();
    json.end_array().end_object();
    return out;
}

std::string accounts_json(bool has_demo) {
    std::string out;
    proto::json_writer json(out);
    json.begin_object().key("items").begin_array();
    if (has_demo)
        json.begin_object().key("email").text(demo_owner).key("password").text(demo_password).end_object();
    json.end_array().end_object();
    return out;
}

}  // namespace

std::function<std::string(std::string_view name)> dev_answer_of(const fs::path& mail_dir, bool has_demo) {
    return [mail_dir, has_demo](std::string_view name) {
        if (name == "mails") return mails_json(mail_dir);
        if (name == "accounts") return accounts_json(has_demo);
        return std::string();
    };
}

}  // namespace qtable::tools
