// A statement's result as the server would send it, made by hand with libpq's own functions.
#pragma once

#include <libpq-fe.h>

#include <optional>
#include <string>
#include <vector>

#include "storage/pg/params.hpp"
#include "storage/pg/row.hpp"

namespace qtable::storage::testing {

// One row whose columns are the given parameters: what goes out comes back.
inline rows one_row(const params& columns) {
    PGresult* made = PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK);
    std::vector<PGresAttDesc> attributes;
    char name[] = "column";
    for (int i = 0; i < columns.count(); ++i) {
        PGresAttDesc attribute{};
        attribute.name = name;
        attribute.format = 1;
        attribute.typid = columns.type(i);
        attributes.push_back(attribute);
    }
    PQsetResultAttrs(made, static_cast<int>(attributes.size()), attributes.data());
    for (int i = 0; i < columns.count(); ++i) {
        std::string bytes(columns.value(i));
        PQsetvalue(made, 0, i, columns.is_null(i) ? nullptr : bytes.data(),
                   columns.is_null(i) ? -1 : static_cast<int>(bytes.size()));
    }
    return rows(made);
}

}  // namespace qtable::storage::testing
