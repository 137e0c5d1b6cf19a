#pragma once

#include <mutex>

namespace motion_mcp::net {

// A second descriptor for a socket that somebody else opens, uses and closes. It lets any thread
// end what is going on there at any time, during connect too, without a race for a descriptor
// number that has been closed and reused meanwhile. Thread-safe.
class Lifeline {
 public:
  Lifeline() = default;
  ~Lifeline();
  Lifeline(const Lifeline&) = delete;
  Lifeline& operator=(const Lifeline&) = delete;

  // Takes a hold of `socket` before it connects. False, and the socket cannot connect any more,
  // when an interrupt came before, or no descriptor is left.
  bool attach(int socket);

  // Ends every transfer on the socket, and any to come. A thread that waits there wakes up at once;
  // the other side gets a reset, for nobody reads on.
  // On Linux a connect under way ends as well; elsewhere it ends with its own timeout.
  void interrupt();
  [[nodiscard]] bool interrupted() const;

  // The same, without marking it: when the other side went wrong.
  void abort();

  // Ends every transfer on the socket in an orderly way: nothing is under way there.
  void shut_down();

  // The socket is open and nothing has come in: neither data nor the other side's farewell.
  [[nodiscard]] bool quiet() const;

  // Turns `socket` into something that cannot connect. Its owner closes it as usual.
  static void spoil(int socket);

 private:
  void abort_locked();

  mutable std::mutex mutex_;
  int descriptor_ = -1;
  bool interrupted_ = false;
};

}  // namespace motion_mcp::net
