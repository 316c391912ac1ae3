// A letter as a file: `<mail id>.eml`, RFC 5322 with CRLF, written whole or not at all. For development and
// tests. Any thread. The name is the mail's id, so a letter that comes twice is still one file; the first one
// stays.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/time.hpp"
#include "core/engine/accounts.hpp"
#include "storage/store/mail_format.hpp"
#include "storage/store/mail_outbox.hpp"

namespace qtable::storage {

struct eml_options {
    std::filesystem::path directory;  // created when missing
    mail_sender sender;
};

// The clock gives the Date header.
mail_sink eml_file_sink(eml_options options, std::function<instant()> clock);

}  // namespace qtable::storage
