// Zones by hand, so that core's tests need no time zone database.
#pragma once

#include "core/base/time.hpp"
#include "core/base/zone.hpp"

namespace qtable::test {

inline instant at(const char* rfc3339) {
    return parse_rfc3339(rfc3339).value();
}

inline date day(const char* text) {
    return parse_date(text).value();
}

inline zone berlin() {
    return zone("Europe/Berlin", {{at("2026-03-29T01:00:00Z"), 7200},
                                  {at("2026-10-25T01:00:00Z"), 3600},
                                  {at("2027-03-28T01:00:00Z"), 7200},
                                  {at("2027-10-31T01:00:00Z"), 3600},
                                  {at("2028-03-26T01:00:00Z"), 7200}});
}

inline zone new_york() {
    return zone("America/New_York", {{at("2026-03-08T07:00:00Z"), -14400},
                                     {at("2026-11-01T06:00:00Z"), -18000},
                                     {at("2027-03-14T07:00:00Z"), -14400}});
}

// Half an hour of summer time.
inline zone lord_howe() {
    return zone("Australia/Lord_Howe", {{at("2026-04-04T15:00:00Z"), 37800},
                                        {at("2026-10-03T15:30:00Z"), 39600},
                                        {at("2027-04-03T15:00:00Z"), 37800}});
}

// 30 December 2011 did not take place.
inline zone apia() {
    return zone("Pacific/Apia", {{at("2011-09-24T14:00:00Z"), -36000}, {at("2011-12-30T10:00:00Z"), 50400}});
}

inline zone kathmandu() {
    return zone("Asia/Kathmandu", {{at("1985-12-31T18:30:00Z"), 20700}});
}

// Three and a half hours behind, so that its clock changes at half past an hour of UTC.
inline zone st_johns() {
    return zone("America/St_Johns", {{at("2026-03-08T05:30:00Z"), -9000},
                                     {at("2026-11-01T04:30:00Z"), -12600},
                                     {at("2027-03-14T05:30:00Z"), -9000}});
}

// An hour back for Ramadan, the other way round than elsewhere.
inline zone casablanca() {
    return zone("Africa/Casablanca", {{at("2026-02-15T02:00:00Z"), 0},
                                      {at("2026-03-22T02:00:00Z"), 3600},
                                      {at("2027-02-07T02:00:00Z"), 0},
                                      {at("2027-03-14T02:00:00Z"), 3600}});
}

}  // namespace qtable::test
