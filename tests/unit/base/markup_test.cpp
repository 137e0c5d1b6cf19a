// Tries to get out of an attribute or an element.
#include "base/markup.h"

#include <doctest/doctest.h>

using namespace motion_mcp;

TEST_CASE("text stays text in elements and in attributes of either quote") {
  CHECK(base::escape_markup("<b a=\"x\" b='y'>&amp;") ==
        "&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;");
  CHECK(base::escape_markup("").empty());
}
