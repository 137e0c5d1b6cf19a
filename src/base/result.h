#pragma once

#include <cassert>
#include <utility>
#include <variant>

#include "base/error.h"

namespace motion_mcp {

// A value, or the Error that kept us from it. Spelled as the part of std::expected<T, Error> that
// it needs, so that it can become an alias once the toolchain floor is C++23. Reading the value of
// a failed result is a programming error.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& operator*() & { return get(state_); }
  const T& operator*() const& { return get(state_); }
  T&& operator*() && { return std::move(get(state_)); }
  T* operator->() { return &get(state_); }
  const T* operator->() const { return &get(state_); }

  [[nodiscard]] const Error& error() const& { return get_error(state_); }
  [[nodiscard]] Error&& error() && { return std::move(get_error(state_)); }

 private:
  template <class State>
  static auto& get(State& state) {
    assert(state.index() == 0);
    return *std::get_if<0>(&state);
  }
  template <class State>
  static auto& get_error(State& state) {
    assert(state.index() == 1);
    return *std::get_if<1>(&state);
  }

  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  void operator*() const { assert(has_value()); }

  [[nodiscard]] const Error& error() const& {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }
  [[nodiscard]] Error&& error() && {
    assert(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<std::monostate, Error> state_;
};

}  // namespace motion_mcp

// The value of a Result, or an early return of its error from the enclosing function:
//   const Job job = TRY(client.get(id));
#define TRY(expression)                                      \
  __extension__({                                            \
    auto try_result_ = (expression);                         \
    if (!try_result_) return std::move(try_result_).error(); \
    *std::move(try_result_);                                 \
  })
