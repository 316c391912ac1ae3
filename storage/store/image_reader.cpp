#include "storage/store/image_reader.hpp"

#include <algorithm>
#include <tuple>

#include "core/base/assert.hpp"
#include "core/base/limits.hpp"
#include "storage/store/guest_rows.hpp"
#include "storage/store/restaurant_rows.hpp"

namespace qtable::storage {

namespace image_sql {

// clang-format off
const statement restaurants{
    "image_restaurants",
    "select " QTABLE_RESTAURANT_COLUMNS ", log_epoch, "
    "coalesce((select max(e.seq) from restaurant_events e where e.restaurant_id = r.id), 0), "
    "coalesce((select max(e.public_seq) from restaurant_events e where e.restaurant_id = r.id and e.public_seq > 0), 0) "
    "from restaurants r where id = any($1::uuid[]) and deleted_at is null"};

const statement staff{
    "image_staff",
    "select restaurant_id, staff_id, role from restaurant_staff where restaurant_id = any($1::uuid[])"};

const statement special_days{
    "image_special_days",
    "select restaurant_id, date, hours, note from special_days where restaurant_id = any($1::uuid[])"};

const statement tables{
    "image_tables",
    "select restaurant_id, id, label, capacity, min_party, section, x, y, shape, status, current_guest_id, version "
    "from restaurant_tables where restaurant_id = any($1::uuid[]) and deleted_at is null"};

const statement combinations{
    "image_combinations",
    "select c.restaurant_id, c.id, c.label, c.capacity, c.min_party, c.version, "
    "array(select m.table_id from table_combination_members m "
    "where m.restaurant_id = c.restaurant_id and m.combination_id = c.id order by m.position) "
    "from table_combinations c where c.restaurant_id = any($1::uuid[])"};

const statement slots{
    "image_slots",
    "select restaurant_id, id, date, time_minute, party_size, available_tables, is_available, version "
    "from availability_slots where restaurant_id = any($1::uuid[]) and date >= $2::date"};

// Who sits is part of the floor, however long ago it was booked: the second half, by an index of its own.
const statement reservations{
    "image_reservations",
    "select " QTABLE_RESERVATION_COLUMNS " from customer_reservations "
    "where restaurant_id = any($1::uuid[]) and status <> 'seated' and starts_at >= $2::timestamptz "
    "and (date >= $3::date or (status = 'confirmed' and blocks_until > $4::timestamptz)) "
    "union all select " QTABLE_RESERVATION_COLUMNS " from customer_reservations "
    "where restaurant_id = any($1::uuid[]) and status = 'seated'"};

// Two halves, each by an index of its own.
const statement guests{
    "image_guests",
    "select " QTABLE_GUEST_COLUMNS " from guests "
    "where restaurant_id = any($1::uuid[]) and status in ('waiting', 'notified', 'seated') and deleted_at is null "
    "union all select " QTABLE_GUEST_COLUMNS " from guests "
    "where restaurant_id = any($1::uuid[]) and status not in ('waiting', 'notified', 'seated') "
    "and left_at >= $2::timestamptz and deleted_at is null"};

const statement last_seqs{
    "image_last_seqs",
    "select id, coalesce((select max(e.seq) from restaurant_events e where e.restaurant_id = r.id), 0) "
    "from restaurants r where id = any($1::uuid[]) and deleted_at is null"};
// clang-format on

}  // namespace image_sql

horizon horizon_of(instant now) noexcept {
    // The date on the other side of the earth is a day behind UTC's at most: yesterday is then two days
    // behind. A reservation starts at most two days after its business day begins and lasts a day at most,
    // buffers included.
    const date today{static_cast<std::int32_t>(now.ms / ms_per_day)};
    const date from = today.plus_days(-2);
    const instant midnight{from.days * ms_per_day};
    return {from, midnight, midnight.plus_ms(-2 * ms_per_day), now.plus_ms(-limits::guests_kept_ms)};
}

image_builder::image_builder(std::vector<restaurant_id> ids) : ids_(std::move(ids)) {
    std::sort(ids_.begin(), ids_.end());
    ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());
    images_.resize(ids_.size());
    for (std::size_t i = 0; i < ids_.size(); ++i) images_[i].id = ids_[i];
}

restaurant_image& image_builder::at(const restaurant_id& id) {
    if (last_ >= ids_.size() || ids_[last_] != id) {
        const auto found = std::lower_bound(ids_.begin(), ids_.end(), id);
        QTABLE_ASSERT(found != ids_.end() && *found == id);
        last_ = static_cast<std::size_t>(found - ids_.begin());
    }
    return images_[last_];
}

void image_builder::add_restaurants(const rows& from) {
    for (const row r : from) {
        restaurant_image& image = at(r.get<restaurant_id>(0));
        image.exists = true;
        image.what = read_restaurant(r);
        image.log_epoch = static_cast<std::uint64_t>(r.get<std::int64_t>(restaurant_columns));
        image.last_seq = r.get<std::int64_t>(restaurant_columns + 1);
        image.last_public_seq = r.get<std::int64_t>(restaurant_columns + 2);
    }
}

void image_builder::add_staff(const rows& from) {
    for (const row r : from) {
        const auto role = parse_staff_role(r.get<std::string_view>(2));
        QTABLE_ASSERT(role);
        at(r.get<restaurant_id>(0)).what.staff.push_back({r.get<staff_id>(1), *role});
    }
    for (restaurant_image& image : images_) {
        std::sort(image.what.staff.begin(), image.what.staff.end(),
                  [](const staff_member& a, const staff_member& b) { return a.id < b.id; });
    }
}

void image_builder::add_special_days(const rows& from) {
    for (const row r : from) {
        at(r.get<restaurant_id>(0))
            .what.special_days.push_back(
                {r.get<date>(1), hours_or_closed(r.get<std::string_view>(2)), r.get<std::string>(3)});
    }
    for (restaurant_image& image : images_) {
        std::sort(image.what.special_days.begin(), image.what.special_days.end(),
                  [](const special_day& a, const special_day& b) { return a.date < b.date; });
    }
}

void image_builder::add_tables(const rows& from) {
    for (const row r : from) {
        table made;
        made.id = r.get<table_id>(1);
        made.label = r.get<std::string>(2);
        made.capacity = r.get<std::int32_t>(3);
        made.min_party = r.get<std::int32_t>(4);
        made.section = r.get<std::string>(5);
        made.x = r.get<double>(6);
        made.y = r.get<double>(7);
        made.shape = r.get<std::string>(8);
        const auto status = parse_table_status(r.get<std::string_view>(9));
        QTABLE_ASSERT(status);
        made.status = *status;
        made.current_guest_id = r.get<std::optional<guest_id>>(10);
        made.version = r.get<std::int64_t>(11);
        at(r.get<restaurant_id>(0)).what.tables.push_back(std::move(made));
    }
    for (restaurant_image& image : images_) {
        std::sort(image.what.tables.begin(), image.what.tables.end(), [](const table& a, const table& b) {
            return std::tie(a.label, a.id) < std::tie(b.label, b.id);
        });
    }
}

void image_builder::add_combinations(const rows& from) {
    for (const row r : from) {
        table_combination made;
        made.id = r.get<combination_id>(1);
        made.label = r.get<std::string>(2);
        made.capacity = r.get<std::int32_t>(3);
        made.min_party = r.get<std::int32_t>(4);
        made.version = r.get<std::int64_t>(5);
        made.table_ids = r.get<std::vector<table_id>>(6);
        at(r.get<restaurant_id>(0)).what.combinations.push_back(std::move(made));
    }
    for (restaurant_image& image : images_) {
        std::sort(image.what.combinations.begin(), image.what.combinations.end(),
                  [](const table_combination& a, const table_combination& b) {
                      return std::tie(a.label, a.id) < std::tie(b.label, b.id);
                  });
    }
}

void image_builder::add_slots(const rows& from) {
    for (const row r : from) {
        slot made;
        made.id = r.get<slot_id>(1);
        made.date = r.get<date>(2);
        made.minute = r.get<std::int32_t>(3);
        made.party_size = r.get<std::int32_t>(4);
        made.available_tables = r.get<std::int32_t>(5);
        made.is_available = r.get<bool>(6);
        made.version = r.get<std::int64_t>(7);
        at(r.get<restaurant_id>(0)).slots.push_back(made);
    }
}

void image_builder::add_reservations(const rows& from) {
    for (const row r : from) {
        at(r.get<restaurant_id>(1)).reservations.push_back(read_reservation(r));
    }
}

void image_builder::add_guests(const rows& from) {
    for (const row r : from) at(r.get<restaurant_id>(1)).guests.push_back(read_guest(r));
}

bool image_builder::confirm(const rows& last_seqs) {
    std::size_t alive = 0;
    for (const row r : last_seqs) {
        const restaurant_image& image = at(r.get<restaurant_id>(0));
        if (!image.exists || image.last_seq != r.get<std::int64_t>(1)) return false;
        ++alive;
    }
    return static_cast<std::ptrdiff_t>(alive) ==
           std::count_if(images_.begin(), images_.end(),
                         [](const restaurant_image& image) { return image.exists; });
}

void image_builder::add_zones(const std::function<std::shared_ptr<const zone>(std::string_view)>& find,
                              const std::function<void(const restaurant_id&)>& refused) {
    for (restaurant_image& image : images_) {
        const restaurant_id id = image.id;
        // Rows of a restaurant that has gone, or has none: nothing but its id is left.
        if (image.exists) {
            image.local_zone = find(image.what.profile.timezone);
            if (image.local_zone) continue;
            if (refused) refused(id);
        }
        image = restaurant_image{};
        image.id = id;
    }
}

}  // namespace qtable::storage
