#!/usr/bin/env python3
"""Tasks across processes, as a host has them that resumes its work. These tests try to lose a paid video by a kill -9, to
have another key or another server open a task, and to leave a stream that keeps the server alive.

Usage: task_process_test.py PATH_TO_MOTION_MCP
"""
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest

BINARY = ""
# Generous, for sanitizers on a loaded machine.
DEADLINE_S = 60
KEY = "motion_task_process_0123456789"
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {"extensions": {"io.modelcontextprotocol/tasks": {}}},
}


def environment(home, **variables):
    kept = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")
            if name in os.environ}
    return {**kept, "HOME": home, "MOTION_API_KEY": KEY, **variables}


def close(process):
    process.kill()
    process.wait(DEADLINE_S)
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()


class Server:
    """A stdio server as a host starts it."""

    def __init__(self, test, *flags, home, **variables):
        self.process = subprocess.Popen([BINARY, *flags], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=environment(home, **variables))
        test.addCleanup(close, self.process)
        self.number = 0

    def send(self, method, **params):
        self.number += 1
        message = {"jsonrpc": "2.0", "id": self.number, "method": method, "params": {**params, "_meta": META}}
        self.write(message)
        return self.number

    def write(self, message):
        self.process.stdin.write((json.dumps(message) + "\n").encode())
        self.process.stdin.flush()

    def read(self):
        return json.loads(self.process.stdout.readline())

    def ask(self, method, **params):
        number = self.send(method, **params)
        answer = self.read()
        assert answer["id"] == number, answer
        return answer

    def call(self, name, **arguments):
        return self.ask("tools/call", name=name, arguments=arguments)["result"]

    def get(self, task):
        return self.ask("tasks/get", taskId=task["taskId"])

    def finished(self, task):
        deadline = time.monotonic() + DEADLINE_S
        while time.monotonic() < deadline:
            seen = self.get(task)["result"]
            if seen["status"] != "working":
                return seen
            time.sleep(0.1)
        raise AssertionError(f"not finished: {seen}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(DEADLINE_S)


class TaskProcess(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory(prefix="motion-mcp-tasks-")
        self.addCleanup(self.scratch.cleanup)
        self.home = self.folder("home")

    def folder(self, name):
        path = os.path.join(self.scratch.name, name)
        os.makedirs(path, exist_ok=True)
        return path

    def sandbox(self, speed="200"):
        """The Motion API, in a process that outlives the servers; a job takes three seconds. Its address."""
        process = subprocess.Popen([BINARY, "sandbox", "--speed", speed], stdout=subprocess.PIPE,
                                   env=environment(self.folder("sandbox")))
        self.addCleanup(close, process)
        return process.stdout.readline().decode().strip()

    def server(self, url, *flags, home=None, **variables):
        return Server(self, *flags, home=home or self.home, MOTION_API_BASE_URL=url, **variables)

    def seal_key(self):
        return os.path.join(self.home, ".local/share/motion-mcp/seal.key")

    def test_a_task_is_finished_by_the_server_that_is_started_after_a_kill(self):
        url = self.sandbox()
        first = self.server(url)
        self.assertIn("io.modelcontextprotocol/tasks",
                      first.ask("server/discover")["result"]["capabilities"]["extensions"])
        self.assertEqual(os.listdir(self.home), [])
        task = first.call("create_video", prompt="A fox in snow")
        self.assertEqual((task["resultType"], task["status"]), ("task", "working"))
        self.assertEqual(first.get(task)["result"]["status"], "working")
        first.kill()
        self.assertEqual(stat.S_IMODE(os.stat(self.seal_key()).st_mode), 0o600)

        second = self.server(url)
        seen = second.finished(task)
        self.assertEqual(seen["status"], "completed")
        self.assertEqual(seen["createdAt"], task["createdAt"])
        video = seen["result"]["structuredContent"]
        self.assertIs(video["ready"], True)
        self.assertTrue(video["output"]["download_url"].startswith("http"))
        self.assertNotIn("isError", seen["result"])

    def test_a_followup_is_not_finished_by_the_video_before_it_after_a_kill_and_without_a_history(self):
        url = self.sandbox()
        first = self.server(url, "--ledger", "off")
        video = first.finished(first.call("create_video", prompt="A fox"))["result"]["structuredContent"]
        task = first.call("followup_video", job_id=video["job_id"], prompt="Larger")
        self.assertEqual(task["resultType"], "task")
        first.kill()
        second = self.server(url, "--ledger", "off")
        seen = second.finished(task)["result"]["structuredContent"]
        self.assertIs(seen["ready"], True)
        self.assertNotEqual(seen["output"]["completed_at"], video["output"]["completed_at"])

    def test_another_key_and_another_server_know_nothing_of_it_but_a_shared_seal_key_does(self):
        url = self.sandbox()
        shared = os.path.join(self.scratch.name, "shared.key")
        task = self.server(url, "--seal-key-file", shared).call("create_video", prompt="A fox")
        replica = self.server(url, home=self.folder("replica"), MOTION_SEAL_KEY_FILE=shared)
        self.assertEqual(replica.get(task)["result"]["taskId"], task["taskId"])
        strangers = (self.server(url, home=self.folder("other")),
                     self.server(url, "--seal-key-file", shared, MOTION_API_KEY="motion_somebody_else_0123"))
        words = {json.dumps(stranger.get(task)["error"]) for stranger in strangers}
        self.assertEqual(len(words), 1)
        self.assertIn("-32602", words.pop())

    def test_without_a_place_for_the_key_tasks_last_as_long_as_the_process_which_says_so_once(self):
        url = self.sandbox()
        nowhere = os.path.join(self.scratch.name, "file")
        with open(nowhere, "w"):
            pass
        first = self.server(url, "--ledger", "off", XDG_DATA_HOME=nowhere)
        task = first.call("create_video", prompt="A fox")
        self.assertEqual(first.finished(task)["status"], "completed")
        first.call("create_video", prompt="A hen")
        first.process.stdin.close()
        first.process.wait(DEADLINE_S)
        self.assertEqual(first.process.stderr.read().count(b"until this process ends"), 1)
        second = self.server(url, "--ledger", "off", XDG_DATA_HOME=nowhere)
        self.assertEqual(second.get(task)["error"]["code"], -32602)

    def test_a_stream_tells_of_the_end_and_ends(self):
        server = self.server(self.sandbox())
        task = server.call("create_video", prompt="A fox")
        number = server.send("subscriptions/listen", notifications={"taskIds": [task["taskId"]]})
        self.assertEqual(server.read()["params"]["notifications"]["taskIds"], [task["taskId"]])
        statuses = []
        while "id" not in (message := server.read()):
            self.assertEqual(message["method"], "notifications/tasks")
            statuses.append(message["params"]["status"])
        self.assertEqual(message["id"], number)
        self.assertEqual(statuses[-1], "completed")
        self.assertEqual(set(statuses[:-1]), {"working"})

    def test_leaving_a_stream_or_the_task_leaves_the_job(self):
        server = self.server(self.sandbox("20"))
        task = server.call("create_video", prompt="A fox")
        listen = server.send("subscriptions/listen", notifications={"taskIds": [task["taskId"]]})
        server.read()  # what was granted
        self.assertEqual(server.read()["method"], "notifications/tasks")
        server.write({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": listen}})
        answer = server.ask("tasks/cancel", taskId=task["taskId"])["result"]
        self.assertEqual(answer["resultType"], "complete")
        self.assertIn("cannot cancel", answer["_meta"]["motion-mcp/note"])
        self.assertEqual(server.finished(task)["status"], "completed")

    def test_a_stream_does_not_keep_the_server_alive_and_has_its_result(self):
        server = self.server(self.sandbox("1"))
        task = server.call("create_video", prompt="A fox")
        number = server.send("subscriptions/listen", notifications={"taskIds": [task["taskId"]]})
        server.process.stdin.close()
        self.assertEqual(server.process.wait(DEADLINE_S), 0)
        lines = [json.loads(line) for line in server.process.stdout.read().splitlines()]
        self.assertEqual(lines[-1]["id"], number)
        self.assertEqual(lines[-1]["result"]["resultType"], "complete")

    def test_a_task_of_a_sandbox_that_is_gone_is_over_and_says_that_the_job_is_unknown(self):
        home = self.home
        first = Server(self, "--sandbox", "--speed", "1", home=home)
        task = first.call("create_video", prompt="A fox")
        first.kill()
        seen = Server(self, "--sandbox", home=home).get(task)["result"]
        self.assertEqual(seen["status"], "completed")
        self.assertIs(seen["result"]["isError"], True)
        self.assertEqual(seen["result"]["_meta"]["motion-mcp/error"]["kind"], "not_found")


if __name__ == "__main__":
    BINARY = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
