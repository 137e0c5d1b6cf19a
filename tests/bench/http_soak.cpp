// Keeps a motion-mcp HTTP endpoint at full load with valid calls of both eras, and beside them with
// everything a stranger may do: malformed and oversize requests, wrong credentials, connections cut
// at any point. Checks every answer. http_soak.py starts it.
//
//   http-soak PORT SECONDS CLIENTS
//
// Prints a line of JSON per second with the counts so far; says on standard error what the first
// wrong answers were.

#include <atomic>
#include <chrono>
#include <iostream>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/json_value.h"
#include "http/http_client.h"

namespace {

using motion_mcp::Json;
using motion_mcp::test::Answer;
using motion_mcp::test::Client;

constexpr int kMaxTold = 10;

struct Counts {
  std::atomic<std::uint64_t> answers{0};
  std::atomic<std::uint64_t> wrong{0};
  std::atomic<std::uint64_t> refusals{0};     // of the answers, those to what must be refused
  std::atomic<std::uint64_t> disconnects{0};  // of connections, by this side in the middle
};

// A job that one caller ordered, for the others to be told nothing about.
struct Foreign {
  std::mutex mutex;
  std::string job_id;
  std::string owner;
};

std::string message(std::string head, const std::string& body) {
  head += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return head += body;
}

class Caller {
 public:
  Caller(std::uint16_t port, unsigned number, Counts& counts, Foreign& foreign)
      : port_(port),
        key_("motion_soak_" + std::to_string(number) + "_0123456789"),
        random_(number),
        counts_(counts),
        foreign_(foreign),
        client_(port) {}

  void act() {
    const auto choice = below(2000);
    if (choice == 0) {
      order();
    } else if (choice < 40) {
      misbehave();
    } else if (choice < 60) {
      leave();
    } else if (choice < 260) {
      ask_for_job();
    } else if (choice < 300) {
      pipeline();
    } else if (choice < 1200) {
      list();
    } else {
      ask_nonsense();
    }
  }

 private:
  std::uint64_t below(std::uint64_t end) { return random_() % end; }

  [[nodiscard]] std::string head(const std::string& more) const {
    return "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) +
           "\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
           "Authorization: Bearer " +
           key_ + "\r\n" + more;
  }

  // A request of either era. Remembers the id that its answer must have.
  std::string request(const std::string& method, Json params) {
    id_ = below(1'000'000);
    std::string more;
    if (below(2) == 0) {
      more = "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: " + method + "\r\n";
      if (params.contains("name"))
        more += "Mcp-Name: " + params["name"].get<std::string>() + "\r\n";
      params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"},
                         {"io.modelcontextprotocol/clientCapabilities", Json::object()}};
    } else {
      more = "MCP-Protocol-Version: 2025-11-25\r\n";
    }
    const Json body = {
        {"jsonrpc", "2.0"}, {"id", id_}, {"method", method}, {"params", std::move(params)}};
    return message(head(more), body.dump());
  }

  std::string call(const std::string& tool, const Json& arguments) {
    return request("tools/call", {{"name", tool}, {"arguments", arguments}});
  }

  void note(bool is_right, const char* what, const Answer& answer) {
    ++counts_.answers;
    if (is_right) return;
    if (counts_.wrong++ < kMaxTold) {
      std::cerr << what
                << ": " + std::to_string(answer.status) + " " + answer.body.substr(0, 500) + "\n";
    }
    client_ = Client(port_);
  }

  static Json result_of(const Answer& answer, std::uint64_t id) {
    const Json body = Json::parse(answer.body, nullptr, false);
    const bool is_mine = answer.status == 200 && body.is_object() && body.value("id", Json()) == id;
    return is_mine ? body.value("result", Json()) : Json();
  }

  static std::string text_of(const Json& result) {
    const auto text = result.is_object() ? result.find("content") : result.end();
    if (!result.is_object() || text == result.end()) return {};
    return (*text)[0]["text"].get<std::string>();
  }

  static bool is_error(const Json& result) {
    return result.is_object() && result.value("isError", false);
  }

  void list() {
    const Answer answer = client_.ask(request("tools/list", Json::object()));
    const Json result = result_of(answer, id_);
    const Json tools = result.is_object() ? result.value("tools", Json()) : Json();
    if (tools_.is_null()) tools_ = tools;
    note(tools.is_array() && tools.size() >= 3 && tools == tools_, "tools/list", answer);
  }

  void ask_nonsense() {
    const std::string mark = std::to_string(random_());
    const Answer answer =
        client_.ask(call("create_video", {{"prompt", "A fox"}, {"mark" + mark, 1}}));
    const Json result = result_of(answer, id_);
    note(is_error(result) && text_of(result).find(mark) != std::string::npos, "a wrong argument",
         answer);
  }

  // Of a job that is not there, or is another's: looks the same.
  void ask_for_job() {
    std::string job_id =
        "405d47cf-f72b-4852-b570-" + std::to_string(100'000'000'000 + below(800'000'000'000));
    if (below(4) == 0) {
      const std::lock_guard lock(foreign_.mutex);
      if (!foreign_.job_id.empty() && foreign_.owner != key_) job_id = foreign_.job_id;
    }
    const Answer answer = client_.ask(call("get_video_status", {{"job_id", job_id}}));
    const Json result = result_of(answer, id_);
    note(is_error(result) && text_of(result).find(job_id) != std::string::npos, "another's job",
         answer);
  }

  void order() {
    const Answer answer =
        client_.ask(call("create_video", {{"prompt", "Soak " + std::to_string(random_())}}));
    const Json result = result_of(answer, id_);
    const Json job = result.is_object() ? result.value("structuredContent", Json()) : Json();
    const std::string job_id = job.is_object() ? job.value("job_id", "") : "";
    note(!is_error(result) && !job_id.empty(), "create_video", answer);
    const std::lock_guard lock(foreign_.mutex);
    foreign_.job_id = job_id;
    foreign_.owner = key_;
  }

  void pipeline() {
    std::vector<std::uint64_t> ids;
    std::string requests;
    for (int i = 0; i < 8; ++i) {
      requests += call("get_video_status", {{"job_id", "no id " + std::to_string(i)}});
      ids.push_back(id_);
    }
    client_.send(requests);
    for (const std::uint64_t id : ids) {
      const Answer answer = client_.read_answer();
      note(is_error(result_of(answer, id)), "a pipelined call", answer);
    }
  }

  // What must be refused, on a connection of its own that ends with it.
  void misbehave() {
    const std::string body(2048UL * 1024, ' ');
    std::string request;
    int status = 400;
    switch (below(8)) {
      case 0:
        request = head("Content-Length: 3\r\nContent-Length: 3\r\n") + "\r\n{ }";
        break;
      case 1:
        request = head("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n") + "\r\n0\r\n\r\n";
        break;
      case 2:
        request = head("X: a\r\n b\r\n") + "\r\n";
        break;
      case 3:
        request = head("Transfer-Encoding: chunked\r\n") + "\r\nnonsense\r\n";
        break;
      case 4:
        request = std::string(1 + below(3000), static_cast<char>(below(256))) + "\r\n\r\n";
        break;
      case 5:
        request = message(head(""), body);
        status = 413;
        break;
      case 6:
        request =
            head("Transfer-Encoding: chunked\r\n") + "\r\n200000\r\n" + body + "\r\n0\r\n\r\n";
        status = 413;
        break;
      default:
        request = head("X: " + body.substr(0, 20'000) + "\r\n") + "\r\n";
        status = 431;
    }
    Client stranger(port_);
    const Answer answer = stranger.ask(request);
    note(answer.status == status, "what must be refused", answer);
    ++counts_.refusals;
  }

  // Cuts the connection somewhere in a request or before its answer, in one of two ways.
  void leave() {
    const std::string whole =
        below(2) == 0
            ? call("get_video_status", {{"job_id", "405d47cf-f72b-4852-b570-0de2446dbba1"}})
            : request("tools/list", Json::object());
    client_.send(whole.substr(0, below(4) == 0 ? whole.size() : below(whole.size())));
    if (below(2) == 0) client_.socket().reset_on_close();
    client_.close();
    client_ = Client(port_);
    ++counts_.disconnects;
  }

  const std::uint16_t port_;
  const std::string key_;
  std::mt19937_64 random_;
  Counts& counts_;
  Foreign& foreign_;
  Client client_;
  std::uint64_t id_ = 0;
  Json tools_;
};

void print(const Counts& counts) {
  const Json line = {{"answers", counts.answers.load()},
                     {"wrong", counts.wrong.load()},
                     {"refusals", counts.refusals.load()},
                     {"disconnects", counts.disconnects.load()}};
  std::cout << line.dump() << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: http-soak PORT SECONDS CLIENTS\n";
    return 2;
  }
  const auto port = static_cast<std::uint16_t>(std::stoi(argv[1]));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(std::stoi(argv[2]));
  Counts counts;
  Foreign foreign;
  std::vector<std::thread> threads;
  for (unsigned number = 1; number <= std::stoul(argv[3]); ++number) {
    threads.emplace_back([&, number] {
      Caller caller(port, number, counts, foreign);
      while (std::chrono::steady_clock::now() < end) caller.act();
    });
  }
  while (std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    print(counts);
  }
  for (std::thread& thread : threads) thread.join();
  print(counts);
  return counts.wrong == 0 ? 0 : 1;
}
