#include "net/http/answer_head.hpp"
#include "net/http/handler.hpp"

namespace qtable::net {

// All four come from the engine: none holds a character that JSON would have to escape.
void simple_problem_writer::write_problem(int status, std::string_view code, std::string_view detail,
                                          std::string_view request_id, std::string& out) const {
    out.append(R"({"type":"about:blank","status":)");
    append_number(out, static_cast<std::size_t>(status));
    out.append(R"(,"code":")").append(code);
    out.append(R"(","detail":")").append(detail);
    out.append(R"(","request_id":")").append(request_id).append("\"}");
}

}  // namespace qtable::net
