#include "storage/store/eml_file_sink.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace qtable::storage {

namespace {

// Whole or not at all, and never over one that is there: link() refuses an existing name.
result<void> write_once(const std::filesystem::path& directory, const std::string& name,
                        std::string_view bytes) {
    const auto failed = [] { return boost::system::error_code(errno, boost::system::system_category()); };
    std::error_code ignored;
    std::filesystem::create_directories(directory, ignored);
    const std::string target = (directory / name).string();
    std::string temporary = (directory / ('.' + name + ".XXXXXX")).string();
    const int file = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (file < 0) return failed();
    boost::system::error_code problem;
    while (!bytes.empty() && !problem) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) problem = failed();
        if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (!problem && ::fsync(file) != 0) problem = failed();
    ::close(file);
    if (!problem && ::link(temporary.c_str(), target.c_str()) != 0 && errno != EEXIST) problem = failed();
    ::unlink(temporary.c_str());
    if (problem) return problem;
    return {};
}

}  // namespace

mail_sink eml_file_sink(eml_options options, std::function<instant()> clock) {
    return [options = std::move(options), clock = std::move(clock)](const mail& letter) -> mail_outcome {
        const result<void> written = write_once(options.directory, to_string(letter.id) + ".eml",
                                                format_mail(letter, options.sender, clock()));
        if (written) return mail_outcome{};
        return {mail_outcome::kind::failed, written.error().message()};
    };
}

}  // namespace qtable::storage
