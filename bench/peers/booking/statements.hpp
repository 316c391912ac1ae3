// The statements of a booking, and their values as PostgreSQL wants them. Only for peer_booking.
#pragma once

#include <libpq-fe.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace peer {

[[noreturn]] inline void die(const std::string& what) {
    std::fprintf(stderr, "peer_booking: %s\n", what.c_str());
    std::exit(1);
}

using uuid = std::array<char, 16>;

// The values of one statement, binary as PostgreSQL wants them.
class parameters {
  public:
    parameters() { storage_.reserve(4096); }
    void add(const uuid& value) { put(value.data(), value.size()); }
    void add(std::string_view value) { put(value.data(), value.size()); }
    void add(std::int64_t value) { put_number(static_cast<std::uint64_t>(value), 8); }
    void add(std::int32_t value) { put_number(static_cast<std::uint32_t>(value), 4); }

    void send(PGconn* to, const char* statement) {
        std::vector<const char*> values;
        for (const std::size_t at : starts_) values.push_back(storage_.data() + at);
        const std::vector<int> formats(values.size(), 1);
        if (PQsendQueryPrepared(to, statement, static_cast<int>(values.size()), values.data(), sizes_.data(),
                                formats.data(), 1) != 1)
            die(PQerrorMessage(to));
    }

  private:
    void put(const char* bytes, std::size_t size) {
        starts_.push_back(storage_.size());
        sizes_.push_back(static_cast<int>(size));
        storage_.append(bytes, size);
    }
    void put_number(std::uint64_t value, std::size_t size) {
        std::array<char, 8> bytes;
        for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(value >> (8 * (size - 1 - i)));
        put(bytes.data(), size);
    }
    std::string storage_;
    std::vector<std::size_t> starts_;
    std::vector<int> sizes_;
};

inline constexpr const char* insert_reservation =
    "insert into customer_reservations (restaurant_id, id, customer_id, date, start_minute, party_size, "
    "status, "
    "special_requests, table_ids, starts_at, ends_at, blocks_from, blocks_until, created_at, updated_at, "
    "confirmation_code, version) values ($1::uuid, $2::uuid, $3::uuid, $4::timestamptz::date, $5::integer, "
    "$6::integer, 'confirmed', '', array[$7::uuid], $8::timestamptz, $9::timestamptz, $8, $9, "
    "$10::timestamptz, "
    "$10, $11::text, 1)";
inline constexpr const char* insert_table =
    "insert into reservation_tables (restaurant_id, reservation_id, table_id, during) values ($1::uuid, "
    "$2::uuid, $3::uuid, tstzrange($4::timestamptz, $5::timestamptz))";
inline constexpr const char* insert_events =
    "insert into restaurant_events (restaurant_id, seq, public_seq, type, at, actor_kind, actor_id, "
    "command_id, "
    "data, subject_id, action, windows) values "
    "($1::uuid, $2::bigint, $8::bigint, 'customer_reservation_received', $3::timestamptz, 'customer', "
    "$4::uuid, $5::uuid, $6::text, $7::uuid, 'reservation.create', $9::text)";
inline constexpr const char* choose_table =
    "select t.id from restaurant_tables t where t.restaurant_id = $1::uuid and t.capacity >= $2::integer and "
    "t.deleted_at is null and not exists (select from reservation_tables r where r.restaurant_id = "
    "t.restaurant_id and r.table_id = t.id and r.during && tstzrange($3::timestamptz, $4::timestamptz)) "
    "order by t.id limit 1";

}  // namespace peer
