// A request's query parameters by name and type; what is wrong with them is answered as one problem.
//     query_reader query(call); const auto lat = query.number("lat", -90, 90); … if (!query.finish()) return;
// On the stack of a handler.
#pragma once

#include "net/api/call.hpp"
#include "net/http/query_values.hpp"

namespace qtable::net {

class query_reader : public query_values {
  public:
    explicit query_reader(call& in) : query_values(in.in.raw_query), call_(in) {}

    // False: the problem is answered.
    bool finish() {
        const proto::input_errors& wrong = complete();
        if (!wrong.none()) call_.fail(wrong);
        return wrong.none();
    }

  private:
    call& call_;
};

}  // namespace qtable::net
