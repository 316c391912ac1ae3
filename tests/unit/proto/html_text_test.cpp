#include "proto/html_text.hpp"

#include <gtest/gtest.h>

namespace qtable::proto {
namespace html_text_test {

TEST(html_text, nothing_becomes_markup) {
    std::string out = "<p>";
    append_html(out, "a <b> & \"c\" 'd' größer");
    EXPECT_EQ(out, "<p>a &lt;b&gt; &amp; &quot;c&quot; 'd' größer");
}

}  // namespace html_text_test
}  // namespace qtable::proto
