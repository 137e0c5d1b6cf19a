#pragma once

// Prompts that choose a case, as test card numbers do: "sandbox:WORD", and whatever follows. Each
// of the sandbox's services has a table of its own.

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace motion_mcp::sandbox {

template <class Value>
struct CaseRow {
  std::string_view word;  // of lower-case letters, digits and hyphens
  Value value;
  std::string_view effect;  // for people
};

// The word of a prompt, up to the first character that cannot be of one; nullopt without the
// prefix.
std::optional<std::string_view> case_word(std::string_view prompt);
// "  sandbox:WORD   EFFECT\n", in columns.
std::string describe_case(std::string_view word, std::string_view effect);

// `Value::usual` without the prefix, nullopt for a word that is no case.
template <class Value, std::size_t size>
std::optional<Value> find_case(const std::array<CaseRow<Value>, size>& rows,
                               std::string_view prompt) {
  const auto word = case_word(prompt);
  if (!word) return Value::usual;
  for (const auto& row : rows) {
    if (row.word == *word) return row.value;
  }
  return std::nullopt;
}

// Every prompt with what it does, one per line, for people.
template <class Value, std::size_t size>
std::string describe(const std::array<CaseRow<Value>, size>& rows) {
  std::string text;
  for (const auto& row : rows) text += describe_case(row.word, row.effect);
  return text;
}

// `fail, slow, ...`: the words, for an error message.
template <class Value, std::size_t size>
std::string words_of(const std::array<CaseRow<Value>, size>& rows) {
  std::string words;
  for (const auto& row : rows) words += (words.empty() ? "" : ", ") + std::string(row.word);
  return words;
}

}  // namespace motion_mcp::sandbox
