#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <utility>

namespace motion_mcp::jobs {

// Lets one thread at a time do what has the same name. Thread-safe; must outlive every Turn.
class OneAtATime {
 public:
  class Turn {
   public:
    Turn() = default;  // nobody's
    ~Turn();
    Turn(Turn&& other) noexcept { *this = std::move(other); }
    Turn& operator=(Turn&& other) noexcept {
      std::swap(owner_, other.owner_);
      std::swap(name_, other.name_);
      return *this;
    }

    [[nodiscard]] bool has_begun() const { return owner_ != nullptr; }

   private:
    friend class OneAtATime;
    Turn(OneAtATime& owner, std::set<std::string>::iterator name) : owner_(&owner), name_(name) {}

    OneAtATime* owner_ = nullptr;
    std::set<std::string>::iterator name_;
  };

  // Waits until nobody else has the turn of `name`, or until a stop is requested; then it has not
  // begun.
  Turn wait_for_turn(const std::string& name, const std::stop_token& stop);

 private:
  std::mutex mutex_;
  std::condition_variable_any ended_;
  std::set<std::string> at_work_;
};

}  // namespace motion_mcp::jobs
