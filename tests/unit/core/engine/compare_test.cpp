// What is told when memory and the database part.
#include "core/engine/compare.hpp"

#include "tests/unit/core/engine/fixture.hpp"

namespace qtable::test {
namespace compare_test {

class engine_compare : public engine_fixture {
  protected:
    std::vector<std::string> compared() {
        const owned_restaurant& memory = *owner.find(here);
        const restaurant_image stored = tables.image(here, memory.log.released_seq());
        EXPECT_TRUE(is_comparable(memory, stored));
        return differences(memory, stored, clock.now());
    }
};

TEST_F(engine_compare, nothing_when_they_agree) {
    EXPECT_TRUE(ask_for(booking(1)).ok());
    EXPECT_TRUE(ask_for(booking(2)).ok());
    EXPECT_THAT(compared(), testing::IsEmpty());
}

TEST_F(engine_compare, not_while_something_is_on_its_way) {
    submit(booking(1));
    EXPECT_FALSE(is_comparable(*owner.find(here), tables.image(here, 0)));
    log.finish_all();
    EXPECT_TRUE(is_comparable(*owner.find(here), tables.image(here, 0)));
}

TEST_F(engine_compare, tells_what_was_changed_behind_its_back) {
    EXPECT_TRUE(ask_for(booking(1)).ok());
    restaurant_image stored = tables.image(here, 0);
    const owned_restaurant& memory = *owner.find(here);
    const auto told = [&] { return differences(memory, stored, clock.now()); };

    restaurant_image changed = stored;
    stored.reservations.at(0).version += 1;
    EXPECT_THAT(told(), testing::ElementsAre(testing::HasSubstr("version 1 in memory, 2 in the database")));
    stored.reservations.clear();
    EXPECT_THAT(told(), testing::ElementsAre(testing::HasSubstr("in memory, not in the database")));
    stored = changed;
    stored.reservations.at(0).id = make_id<reservation_id>(99);
    EXPECT_EQ(told().size(), 2U) << "one too many here, one there";
    stored = changed;
    stored.what.version += 1;
    stored.log_epoch += 1;
    EXPECT_EQ(told().size(), 2U);
    stored = changed;
    stored.exists = false;
    EXPECT_THAT(told(), testing::ElementsAre(testing::HasSubstr("not in the database")));
}

}  // namespace compare_test
}  // namespace qtable::test
