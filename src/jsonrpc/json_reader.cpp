#include "jsonrpc/json_reader.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/text.h"
#include "jsonrpc/plain_bytes.h"

namespace motion_mcp::jsonrpc {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto trail = [&](unsigned shift) {
    out += static_cast<char>(0x80U | ((point >> shift) & 0x3FU));
  };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0U | (point >> 6U));
    trail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0U | (point >> 12U));
    trail(6);
    trail(0);
  } else {
    out += static_cast<char>(0xF0U | (point >> 18U));
    trail(12);
    trail(6);
    trail(0);
  }
}

class Reader {
 public:
  Reader(std::string_view text, DomBuilder& builder) : text_(text), builder_(builder) {
    open_.reserve(kUsualDepth);
  }

  void read() {
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
    Expect expect = Expect::value;
    while (expect != Expect::nothing) {
      skip_blanks();
      expect = read_next(expect);
    }
  }

 private:
  // What may stand at `at_`.
  enum class Expect { value, first_element, name, first_name, colon, rest, nothing };
  enum class Container : bool { array, object };

  Expect read_next(Expect expect) {
    switch (expect) {
      case Expect::first_element:
        return peek() == ']' ? close() : read_value();
      case Expect::value:
        return read_value();
      case Expect::first_name:
        return peek() == '}' ? close() : read_name();
      case Expect::name:
        return read_name();
      case Expect::colon:
        return take(':') ? Expect::value : fail();
      case Expect::rest:
        return read_rest();
      case Expect::nothing:
        break;
    }
    return Expect::nothing;
  }

  Expect read_value() {
    switch (peek()) {
      case '{':
        builder_.start_object();
        return open(Container::object);
      case '[':
        builder_.start_array();
        return open(Container::array);
      case '"':
        return read_string();
      case 't':
        return read_word("true", true);
      case 'f':
        return read_word("false", false);
      case 'n':
        return read_word("null", nullptr);
      default:
        return read_number();
    }
  }

  Expect read_name() {
    if (peek() != '"') return fail();
    std::optional<std::string> name = scan_string();
    if (!name) return fail();
    builder_.key(*std::move(name));
    return Expect::colon;
  }

  // What follows a value: the next element or member, the container's end or the text's.
  Expect read_rest() {
    if (open_.empty()) return at_ == text_.size() ? Expect::nothing : fail();
    const bool is_object = open_.back() == Container::object;
    if (take(',')) return is_object ? Expect::name : Expect::value;
    return peek() == (is_object ? '}' : ']') ? close() : fail();
  }

  Expect open(Container container) {
    ++at_;
    open_.push_back(container);
    return container == Container::object ? Expect::first_name : Expect::first_element;
  }

  Expect close() {
    ++at_;
    if (open_.back() == Container::object) {
      builder_.end_object();
    } else {
      builder_.end_array();
    }
    open_.pop_back();
    return Expect::rest;
  }

  Expect read_word(std::string_view word, Json value) {
    for (const char letter : word) {
      if (!take(letter)) return fail();
    }
    builder_.value(std::move(value));
    return Expect::rest;
  }

  Expect read_string() {
    std::optional<std::string> string = scan_string();
    if (!string) return fail();
    builder_.value(*std::move(string));
    return Expect::rest;
  }

  // The string whose opening quote is at `at_`; nullopt, and `at_` at the fault, when it is none.
  std::optional<std::string> scan_string() {
    std::string string;
    std::size_t run = ++at_;  // what precedes it is in `string`
    const auto take_run = [&] { string.append(text_, run, at_ - run); };
    for (;;) {
      at_ = end_of_plain_run(text_, at_);
      const char c = peek();
      if (c == '"') {
        take_run();
        ++at_;
        return string;
      }
      if (c == '\\') {
        take_run();
        ++at_;
        if (!unescape(string)) return std::nullopt;
        run = at_;
      } else {
        const bool is_lead = static_cast<unsigned char>(c) >= 0x80;
        const std::size_t length = is_lead ? base::utf8_length_at(text_, at_) : 0;
        if (length == 0) return std::nullopt;  // invalid, a control character, or the text's end
        at_ += length;
      }
    }
  }

  // Appends what the escape after a backslash stands for.
  bool unescape(std::string& out) {
    constexpr std::string_view kLetters = "\"\\/bfnrtu";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const std::size_t which = kLetters.find(peek());
    if (which == std::string_view::npos) return false;
    ++at_;
    if (which < kMeanings.size()) {
      out += kMeanings[which];
      return true;
    }
    const std::optional<std::uint32_t> point = scan_code_point();
    if (point) append_utf8(out, *point);
    return point.has_value();
  }

  // What follows "\u": one code unit, or two that are a pair of surrogates.
  std::optional<std::uint32_t> scan_code_point() {
    const auto first = scan_code_unit();
    if (!first || *first < 0xD800 || *first > 0xDFFF) return first;
    if (*first > 0xDBFF || !take('\\') || !take('u')) return std::nullopt;
    const auto second = scan_code_unit();
    if (!second || *second < 0xDC00 || *second > 0xDFFF) return std::nullopt;
    return 0x10000U + ((*first - 0xD800U) << 10U) + (*second - 0xDC00U);
  }

  std::optional<std::uint32_t> scan_code_unit() {
    constexpr std::size_t kDigits = 4;
    const std::string_view digits = text_.substr(at_, kDigits);
    std::uint32_t unit = 0;
    const char* end = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16).ptr;
    const auto count = static_cast<std::size_t>(end - digits.data());
    at_ += count;
    return count == kDigits ? std::optional(unit) : std::nullopt;
  }

  Expect read_number() {
    const std::size_t begin = at_;
    const bool is_negative = take('-');
    if (!take('0') && !take_digits()) return fail();
    bool is_integer = true;
    if (take('.')) {
      is_integer = false;
      if (!take_digits()) return fail();
    }
    if (take('e') || take('E')) {
      is_integer = false;
      if (!take('+')) take('-');
      if (!take_digits()) return fail();
    }
    const std::string_view number = text_.substr(begin, at_ - begin);
    const bool is_told = is_integer && (is_negative ? tell_integer<std::int64_t>(number)
                                                    : tell_integer<std::uint64_t>(number));
    if (is_told || tell_double(number)) return Expect::rest;
    at_ = begin;
    return fail();
  }

  // False when it does not fit the type.
  template <class Integer>
  bool tell_integer(std::string_view number) {
    Integer value = 0;
    if (std::from_chars(number.data(), number.data() + number.size(), value).ec != std::errc()) {
      return false;
    }
    builder_.value(value);
    return true;
  }

  // False when it is beyond a double; what is too small for one is nought.
  bool tell_double(std::string_view number) {
    double value = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
    // from_chars does not say which of the two it is.
    if (read.ec == std::errc::result_out_of_range) {
      value = std::strtod(std::string(number).c_str(), nullptr);
    }
    if (!std::isfinite(value)) return false;
    builder_.value(value);
    return true;
  }

  bool take_digits() {
    const std::size_t begin = at_;
    while (is_digit(peek())) ++at_;
    return at_ > begin;
  }

  void skip_blanks() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') ++at_;
  }

  bool take(char wanted) {
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }

  // NUL at the end, where no text has a NUL that could be taken for it.
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  Expect fail() {
    builder_.syntax_fault(at_ + 1);
    return Expect::nothing;
  }

  const std::string_view text_;
  DomBuilder& builder_;
  std::size_t at_ = 0;
  std::vector<Container> open_;
};

}  // namespace

void read_json(std::string_view text, DomBuilder& builder) {
  Reader(text, builder).read();
}

}  // namespace motion_mcp::jsonrpc
