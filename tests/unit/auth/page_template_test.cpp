#include "auth/page_template.h"

#include <doctest/doctest.h>

using namespace motion_mcp::auth;

TEST_CASE("values are escaped for elements and for attributes") {
  CHECK(render_page("<p title=\"{{name}}\">", {{"name", "\" onload=\"x"}}) ==
        "<p title=\"&quot; onload=&quot;x\">");
}

TEST_CASE("a value is never read as a template") {
  CHECK(render_page("{{a}}{{b}}", {{"a", "{{b}}{{?b}}"}, {"b", "x"}}) == "{{b}}{{?b}}x");
}

TEST_CASE("a raw value and an unknown name") {
  CHECK(render_page("[{{&style}}][{{nothing}}]", {{"style", "a > b"}}) == "[a > b][]");
}

TEST_CASE("a section stands when its value does") {
  constexpr auto kPage = "a{{?x}}b{{x}}{{?y}}c{{/y}}{{/x}}d";
  CHECK(render_page(kPage, {}) == "ad");
  CHECK(render_page(kPage, {{"y", "1"}}) == "ad");
  CHECK(render_page(kPage, {{"x", "1"}}) == "ab1d");
  CHECK(render_page(kPage, {{"x", "1"}, {"y", "2"}}) == "ab1cd");
}
