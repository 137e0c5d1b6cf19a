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

  // False when this machine lacks what spoil() needs. True once means true for ever.
  static bool can_spoil();
  // Turns `socket` into something that cannot connect; its owner closes it as usual. Needs
  // can_spoil().
  static void spoil(int socket);

  // Takes a hold of `socket` before it connects; spoils it when an interrupt came before, or no
  // descriptor is left.
  void attach(int socket);

  // Ends every transfer on the socket, and any to come. A thread that waits there wakes up at once;
  // the other side gets a reset, for nobody reads on. On Linux a connect under way ends as well,
  // elsewhere it ends with its own timeout.
  void interrupt();
  [[nodiscard]] bool interrupted() const;

  // The same without marking it, when the other side went wrong.
  void abort();

  // Ends the connection in an orderly way, when nothing is under way there.
  void shut_down();

  // The socket is open and nothing has come in: neither data nor the other side's farewell.
  [[nodiscard]] bool quiet() const;

 private:
  void abort_locked();

  mutable std::mutex mutex_;
  int descriptor_ = -1;
  bool interrupted_ = false;
};

}  // namespace motion_mcp::net
