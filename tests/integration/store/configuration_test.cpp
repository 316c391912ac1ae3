// What managers configure, written in batches and read back.
#include "tests/integration/store/place_test.hpp"

namespace qtable::storage {

namespace {

class configuration_test : public place_test {
  protected:
    batch changing(const std::vector<table>& tables) {
        batch work = next_batch();
        for (const table& each : tables) work.tables.push_back({place_.id, each, false});
        return work;
    }
};

TEST_F(configuration_test, special_days_and_rules_come_back) {
    EXPECT_EQ(load_place().what.special_days, place_.special_days);
    EXPECT_EQ(load_place().what.rules, place_.rules);
    batch work = next_batch();
    special_day changed = place_.special_days[1];
    changed.hours = {};
    changed.note = "private party";
    const special_day added{today().plus_days(-1), {{0, 1440}}, ""};
    work.special_days = {
        {place_.id, changed, false}, {place_.id, added, false}, {place_.id, place_.special_days[0], true}};
    expect_committed(work);
    EXPECT_EQ(load_place().what.special_days, (std::vector<special_day>{added, changed}));
}

TEST_F(configuration_test, staff_come_change_and_go) {
    const staff_member host{make_staff(), staff_role::host};
    batch work = next_batch();
    work.staff.push_back({place_.id, host, false});
    expect_committed(work);
    EXPECT_EQ(load_place().what.staff.size(), 2U);
    batch promotion = next_batch();
    promotion.staff = {{place_.id, {host.id, staff_role::owner}, false}, {place_.id, place_.staff[0], true}};
    expect_committed(promotion);
    const restaurant got = load_place().what;
    ASSERT_EQ(got.staff.size(), 1U);
    EXPECT_EQ(got.find_staff(host.id)->role, staff_role::owner);
    batch nobody = next_batch();
    nobody.staff.push_back({place_.id, {next_id<staff_id>(), staff_role::host}, false});
    expect_conflict(nobody);
}

TEST_F(configuration_test, a_restaurant_and_who_joined_it_in_the_same_batch) {
    restaurant other = make_restaurant(0);
    const staff_member host{make_staff(), staff_role::host};
    other.staff.push_back(host);
    batch work = new_restaurant_batch(other);
    work.staff.push_back({other.id, host, false});
    expect_committed(work);
    EXPECT_EQ(load(*journal_, other.id).what.staff.size(), 2U);
}

TEST_F(configuration_test, tables_swap_their_labels) {
    std::vector<table> tables = place_.tables;
    std::swap(tables[0].label, tables[1].label);
    expect_committed(changing(tables));
    EXPECT_EQ(load_place().what.tables[0].id, place_.tables[1].id);
    // In a ring, and one of the labels was a deleted table's.
    batch ring = next_batch();
    ring.tables.push_back({place_.id, tables[2], true});
    const std::string freed = tables[2].label;
    tables[2].id = next_id<table_id>();
    tables[2].label = tables[1].label;
    tables[1].label = tables[0].label;
    tables[0].label = freed;
    for (const table& each : tables) ring.tables.push_back({place_.id, each, false});
    batch without_members = next_batch();
    --seq_;
    without_members.combinations.push_back({place_.id, place_.combinations[0], true});
    without_members.events = ring.events;
    without_members.tables = ring.tables;
    expect_committed(without_members);
    EXPECT_EQ(load_place().what.tables.size(), 3U);
    std::vector<table> twice = {tables[0], tables[1]};
    twice[0].label = "same";
    twice[1].label = "same";
    expect_conflict(changing(twice), conflict_kind::label_taken);
    expect_conflict(changing({[&] {
                        table taken = tables[0];
                        taken.label = tables[2].label;
                        return taken;
                    }()}),
                    conflict_kind::label_taken);
}

TEST_F(configuration_test, combinations_have_versions) {
    EXPECT_EQ(load_place().what.combinations.at(0).version, 3);
    batch work = next_batch();
    work.combinations.push_back({place_.id, place_.combinations[0], false});
    work.combinations[0].what.version = 4;
    work.combinations[0].what.label = "window";
    expect_committed(work);
    const table_combination got = load_place().what.combinations.at(0);
    EXPECT_EQ(got.version, 4);
    EXPECT_EQ(got.label, "window");
    EXPECT_EQ(got.table_ids, place_.combinations[0].table_ids);
}

TEST_F(configuration_test, a_restaurant_ends_once) {
    auto last = std::make_shared<restaurant>(place_);
    last->version = 2;
    last->updated_at = noon;
    batch work = next_batch();
    work.restaurants.push_back({last, false, 0, true});
    expect_committed(work);
    EXPECT_FALSE(load_place().exists);
    EXPECT_EQ(count("select count(*) from restaurants where deleted_at is not null and version = 2"), 1);
    work.events[0].seq = ++seq_;
    expect_conflict(work);
    batch changed = next_batch();
    changed.restaurants.push_back({last, false, 0});
    expect_conflict(changed);
}

TEST_F(configuration_test, a_restaurant_that_was_made_and_ended_in_one_batch) {
    const restaurant other = make_restaurant(0);
    batch work = new_restaurant_batch(other);
    work.restaurants[0].is_deleted = true;
    expect_committed(work);
    EXPECT_FALSE(load(*journal_, other.id).exists);
}

TEST_F(configuration_test, rules_that_cannot_be_are_refused) {
    auto wrong = std::make_shared<restaurant>(place_);
    wrong->rules.no_show_grace_min = -1;
    batch work = next_batch();
    work.restaurants.push_back({wrong, false, 0});
    expect_conflict(work);
}

}  // namespace

}  // namespace qtable::storage
