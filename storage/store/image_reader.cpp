#include "storage/store/image_reader.hpp"

#include <algorithm>
#include <tuple>

#include "core/base/assert.hpp"
#include "core/base/limits.hpp"
#include "storage/store/event_rows.hpp"
#include "storage/store/guest_rows.hpp"
#include "storage/store/restaurant_rows.hpp"

namespace qtable::storage {

namespace image_sql {

// clang-format off
const statement restaurants{
    "image_restaurants",
    "select " QTABLE_RESTAURANT_COLUMNS ", log_epoch, "
    QTABLE_LAST_SEQ ", coalesce((select e.public_seq from restaurant_events e where e.restaurant_id = r.id "
    "and e.public_seq > 0 order by e.seq desc limit 1), 0) "
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
    "select id, " QTABLE_LAST_SEQ " "
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

const std::vector<image_part>& image_parts() {
    using of = image_builder;
    static const std::vector<image_part> parts{
        {image_sql::restaurants, {}, &of::add_restaurant},
        {image_sql::staff, {}, &of::add_staff},
        {image_sql::tables, {}, &of::add_table},
        {image_sql::combinations, {}, &of::add_combination},
        {image_sql::special_days, {}, &of::add_special_day},
        {image_sql::guests, {&horizon::guests_from}, &of::add_guest},
        {image_sql::slots, {&horizon::from}, &of::add_slot},
        {image_sql::reservations,
         {&horizon::reservations_from, &horizon::from, &horizon::from_midnight},
         &of::add_reservation},
    };
    return parts;
}

params image_part::arguments(const std::vector<restaurant_id>& ids, const horizon& since_when) const {
    params made;
    made.add_array(ids);
    for (const bound& each : since)
        std::visit([&](const auto member) { made.add(since_when.*member); }, each);
    return made;
}

std::string image_part::literal(const std::vector<restaurant_id>& ids, const horizon& since_when) const {
    std::vector<std::string> values{array_text(ids)};
    for (const bound& each : since) {
        if (const auto* day = std::get_if<date horizon::*>(&each)) {
            values.push_back(to_string(since_when.*(*day)));
        } else {
            values.push_back(rfc3339_utc_ms(since_when.*std::get<instant horizon::*>(each)));
        }
    }
    std::string made;
    std::string_view rest = what.sql;
    for (std::size_t at = rest.find('$'); at != std::string_view::npos; at = rest.find('$')) {
        const auto number = static_cast<std::size_t>(rest[at + 1] - '0');
        QTABLE_ASSERT(number >= 1 && number <= values.size());
        made.append(rest.substr(0, at)).append("'").append(values[number - 1]).append("'");
        rest.remove_prefix(at + 2);
    }
    return made.append(rest);
}

image_builder::image_builder(std::vector<restaurant_id> ids) : ids_(std::move(ids)) {
    std::sort(ids_.begin(), ids_.end());
    ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());
    images_.resize(ids_.size());
    places_.reserve(ids_.size());
    for (std::size_t i = 0; i < ids_.size(); ++i) {
        images_[i].id = ids_[i];
        places_.emplace(ids_[i], i);
    }
}

restaurant_image& image_builder::at(const restaurant_id& id) {
    const auto found = places_.find(id);
    QTABLE_ASSERT(found != places_.end());
    return images_[found->second];
}

void image_builder::add_restaurant(const row& from) {
    restaurant_image& image = at(from.get<restaurant_id>(0));
    image.exists = true;
    image.what = read_restaurant(from);
    image.log_epoch = static_cast<std::uint64_t>(from.get<std::int64_t>(restaurant_columns));
    image.last_seq = from.get<std::int64_t>(restaurant_columns + 1);
    image.last_public_seq = from.get<std::int64_t>(restaurant_columns + 2);
}

void image_builder::add_staff(const row& from) {
    const auto role = parse_staff_role(from.get<std::string_view>(2));
    QTABLE_ASSERT(role);
    at(from.get<restaurant_id>(0)).what.staff.push_back({from.get<staff_id>(1), *role});
}

void image_builder::add_special_day(const row& from) {
    at(from.get<restaurant_id>(0))
        .what.special_days.push_back(
            {from.get<date>(1), hours_or_closed(from.get<std::string_view>(2)), from.get<std::string>(3)});
}

void image_builder::add_table(const row& from) {
    table made;
    made.id = from.get<table_id>(1);
    made.label = from.get<std::string>(2);
    made.capacity = from.get<std::int32_t>(3);
    made.min_party = from.get<std::int32_t>(4);
    made.section = from.get<std::string>(5);
    made.x = from.get<double>(6);
    made.y = from.get<double>(7);
    made.shape = from.get<std::string>(8);
    const auto status = parse_table_status(from.get<std::string_view>(9));
    QTABLE_ASSERT(status);
    made.status = *status;
    made.current_guest_id = from.get<std::optional<guest_id>>(10);
    made.version = from.get<std::int64_t>(11);
    at(from.get<restaurant_id>(0)).what.tables.push_back(std::move(made));
}

void image_builder::add_combination(const row& from) {
    table_combination made;
    made.id = from.get<combination_id>(1);
    made.label = from.get<std::string>(2);
    made.capacity = from.get<std::int32_t>(3);
    made.min_party = from.get<std::int32_t>(4);
    made.version = from.get<std::int64_t>(5);
    made.table_ids = from.get<std::vector<table_id>>(6);
    at(from.get<restaurant_id>(0)).what.combinations.push_back(std::move(made));
}

void image_builder::add_slot(const row& from) {
    slot made;
    made.id = from.get<slot_id>(1);
    made.date = from.get<date>(2);
    made.minute = from.get<std::int32_t>(3);
    made.party_size = from.get<std::int32_t>(4);
    made.available_tables = from.get<std::int32_t>(5);
    made.is_available = from.get<bool>(6);
    made.version = from.get<std::int64_t>(7);
    at(from.get<restaurant_id>(0)).slots.push_back(made);
}

void image_builder::add_reservation(const row& from) {
    at(from.get<restaurant_id>(1)).reservations.push_back(read_reservation(from));
}

void image_builder::add_guest(const row& from) {
    at(from.get<restaurant_id>(1)).guests.push_back(read_guest(from));
}

void image_builder::add_changes(const row& from) {
    constexpr int since_column = event_columns, epoch_column = event_columns + 2,
                  reservation_column = event_columns + 3;
    const auto since_seq = from.get<std::int64_t>(since_column);
    restaurant_image& image = at(from.get<restaurant_id>(since_column + 1));
    image.exists = true;
    image.log_epoch = static_cast<std::uint64_t>(from.get<std::int64_t>(epoch_column));
    image.last_seq = std::max(image.last_seq, since_seq);
    if (from.is_null(0)) return;
    read_events(from, since_seq - 1, image.events_since);
    if (!image.events_since.empty()) image.last_seq = std::max(since_seq, image.events_since.back().seq);
    if (from.is_null(reservation_column)) return;
    reservation found = read_reservation(from.after(reservation_column));
    const bool is_known = std::any_of(image.reservations.begin(), image.reservations.end(),
                                      [&found](const reservation& each) { return each.id == found.id; });
    if (!is_known) image.reservations.push_back(std::move(found));
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

namespace {

void sort_parts(restaurant& what) {
    const auto by_label = [](const auto& a, const auto& b) {
        return std::tie(a.label, a.id) < std::tie(b.label, b.id);
    };
    std::sort(what.tables.begin(), what.tables.end(), by_label);
    std::sort(what.combinations.begin(), what.combinations.end(), by_label);
    std::sort(what.staff.begin(), what.staff.end(),
              [](const staff_member& a, const staff_member& b) { return a.id < b.id; });
    std::sort(what.special_days.begin(), what.special_days.end(),
              [](const special_day& a, const special_day& b) { return a.date < b.date; });
}

}  // namespace

void image_builder::finish(const std::function<std::shared_ptr<const zone>(std::string_view)>& find,
                           const std::function<void(const restaurant_id&)>& refused) {
    for (restaurant_image& image : images_) {
        const restaurant_id id = image.id;
        // Rows of a restaurant that has gone, or has none: nothing but its id is left.
        if (image.exists) {
            image.local_zone = find(image.what.profile.timezone);
            if (image.local_zone) {
                sort_parts(image.what);
                continue;
            }
            if (refused) refused(id);
        }
        image = restaurant_image{};
        image.id = id;
    }
}

}  // namespace qtable::storage
