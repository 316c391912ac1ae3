#include "loadtest/failure.hpp"

namespace qtable::loadtest {

std::string one_line(std::string_view text, std::size_t most) {
    std::string line;
    for (const char c : text) {
        const bool is_blank = static_cast<unsigned char>(c) <= ' ';
        if (!is_blank) line += c;
        if (is_blank && !line.empty() && line.back() != ' ') line += ' ';
        if (line.size() >= most) break;
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    return line;
}

}  // namespace qtable::loadtest
