#!/usr/bin/env python3
"""The commands as people and scripts have them, against `motion-mcp sandbox`. These tests try to find
anything but the result on stdout, an exit code that misleads, a file that is no video, and a job
whose id got lost.

Usage: cli_process_test.py PATH_TO_MOTION_MCP
"""
import json
import os
import pathlib
import pty
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

BINARY = ""
# Generous, for sanitizers on a loaded machine.
DEADLINE_S = 60
NO_JOB = "405d47cf-f72b-4852-b570-0de2446dbba1"


def environment(**variables):
    keep = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")
            if name in os.environ}
    return {**keep, "HOME": "/nonexistent", "MOTION_LEDGER": "off", **variables}


class Sandbox:
    """`motion-mcp sandbox` on a port of its own."""

    def __init__(self, speed=2000):
        self.process = subprocess.Popen([BINARY, "sandbox", "--speed", str(speed)], stdout=subprocess.PIPE,
                                        env=environment(), text=True)
        self.base_url = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.rest_of_stdout, _ = self.process.communicate(timeout=DEADLINE_S)

    def client(self, **more):
        return environment(MOTION_API_BASE_URL=self.base_url, MOTION_API_KEY="motion_cli_test", **more)

    def charges(self):
        url = self.base_url.removesuffix("/api/motion") + "/_sandbox/ledger"
        with urllib.request.urlopen(url, timeout=DEADLINE_S) as response:
            return json.load(response)


def run(*args, env, stdin=""):
    return subprocess.run([BINARY, *args], env=env, input=stdin, capture_output=True, text=True,
                          timeout=DEADLINE_S, check=False)


class Call(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox().__enter__()
        cls.env = cls.sandbox.client()

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.__exit__()

    def call(self, *args, stdin=""):
        return run("call", *args, env=self.env, stdin=stdin)

    def test_creates_waits_and_saves_the_video(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.call("create_video", "--prompt", "A launch", "--aspect_ratio", "9:16",
                             "--output", f"{folder}/launch.mp4")
            self.assertEqual(done.returncode, 0, done.stderr)
            video = pathlib.Path(folder, "launch.mp4").read_bytes()
            self.assertEqual(video[4:8], b"ftyp")
            self.assertIn(f"Saved {os.path.realpath(folder)}/launch.mp4 ({len(video)} bytes)", done.stdout)
            self.assertEqual(os.listdir(folder), ["launch.mp4"])

    def test_json_is_one_document(self):
        done = self.call("create_video", "--prompt", "A launch", "--wait", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIs(json.loads(done.stdout)["ready"], True)

    def test_a_followup_of_another_process_is_another_video(self):
        with tempfile.TemporaryDirectory() as folder:
            created = self.call("create_video", "--prompt", "A launch", "--json", "--output", f"{folder}/a.mp4")
            job_id = json.loads(created.stdout)["job_id"]
            revised = self.call("followup_video", "--job_id", job_id, "--prompt", "Faster",
                                "--output", f"{folder}/b.mp4")
            self.assertEqual(revised.returncode, 0, revised.stderr)
            first, second = (pathlib.Path(folder, name).read_bytes() for name in ("a.mp4", "b.mp4"))
            self.assertNotEqual(first, second)

    def test_values_come_from_files_and_standard_input(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as attachments:
            attachments.write('[{"url": "https://example.com/a.png", "type": "image"}]\n')
            attachments.flush()
            done = self.call("create_video", "--prompt", "-", "--attachments", f"@{attachments.name}",
                             stdin="A brief from standard input\n")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_exit_codes_tell_the_outcomes_apart(self):
        def prompt(case):
            return ("create_video", "--prompt", f"sandbox:{case}")

        for args, code in (
            ((*prompt("fail"), "--wait"), 1),
            ((*prompt("output-fail"), "--wait"), 1),
            ((*prompt("await-input"), "--wait"), 1),
            (("create_video", "--prompt", ""), 2),
            (("create_video", "--aspect_ratio", "2:1", "--prompt", "x"), 2),
            (("create_video", "--prompt", "x", "--attachments", '[{"url": "file:///etc/passwd"}]'), 2),
            (prompt("no-credits"), 4),
            (prompt("pro-feature"), 4),
            (("get_video_status", "--job_id", NO_JOB), 5),
            (prompt("charge-then-500"), 7),
        ):
            with self.subTest(args=args):
                done = self.call(*args)
                self.assertEqual(done.returncode, code, done.stdout + done.stderr)
                self.assertTrue(done.stdout or done.stderr)

    def test_a_key_that_is_missing_or_wrong_is_3(self):
        for key in ({}, {"MOTION_API_KEY": "sk-another-service"}):
            env = environment(MOTION_API_BASE_URL=self.sandbox.base_url, **key)
            done = run("call", "get_video_status", "--job_id", NO_JOB, env=env)
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn("MOTION_API_KEY", done.stderr)

    def test_a_key_file_that_cannot_be_read_is_named(self):
        env = environment(MOTION_API_BASE_URL=self.sandbox.base_url, MOTION_API_KEY_FILE="/nope")
        for args in (("call", "list_videos"), ("call", "create_video", "--prompt", "x"),
                     ("call", "get_video_status", "--job_id", NO_JOB),
                     ("http", "--listen", "127.0.0.1:0", "--shared-key")):
            with self.subTest(args=args):
                done = run(*args, env=env)
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn("cannot open /nope: No such file or directory (MOTION_API_KEY_FILE)", done.stderr)

    def test_a_service_that_is_not_there_is_6(self):
        env = environment(MOTION_API_BASE_URL="http://127.0.0.1:1/api/motion", MOTION_API_KEY="motion_cli_test")
        self.assertEqual(run("call", "get_video_status", "--job_id", NO_JOB, env=env).returncode, 6)

    def test_what_fails_after_the_order_is_1_and_names_the_job(self):
        def small_files_only():
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

        for more, limit, fault in ((("--max-download-bytes", "1000"), None, "--max-download-bytes"),
                                   ((), small_files_only, "File too large")):
            with self.subTest(fault=fault), tempfile.TemporaryDirectory() as folder:
                done = subprocess.run([BINARY, "call", "create_video", "--prompt", fault, "--output", f"{folder}/a.mp4", *more],
                                      env=self.env, capture_output=True, text=True, timeout=DEADLINE_S, check=False,
                                      preexec_fn=limit)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn("create_video was done and its job exists, but saving the video failed: ", done.stderr)
                self.assertIn(fault, done.stderr)
                self.assertRegex(done.stderr, "The video is ready; to save it: motion-mcp call get_video_status --job_id .* "
                                 + f"--output .*a.mp4{' --max-download-bytes=1000' if more else ''}\n")
                self.assertFalse(os.path.exists(f"{folder}/a.mp4"))

    def test_a_job_whose_id_was_in_lost_output_is_named(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([BINARY, "call", "create_video", "--prompt", "lost", "--wait", "--json"], env=self.env,
                                  stdout=full, stderr=subprocess.PIPE, text=True, timeout=DEADLINE_S, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("The video is ready; to see it: motion-mcp call get_video_status --job_id ", done.stderr)

    def test_a_tool_without_a_video_has_nothing_to_wait_for(self):
        for flag in (("--wait",), ("--output", "/nonexistent/a.mp4")):
            done = self.call("list_videos", *flag)
            self.assertEqual(done.returncode, 2)
            self.assertIn(f"{flag[0]} is of no use with list_videos", done.stderr)

    def test_a_history_that_is_off_is_not_safe_to_repeat(self):
        self.assertEqual(self.call("list_videos").returncode, 5)

    def test_an_output_that_cannot_be_written_costs_nothing(self):
        before = self.sandbox.charges()
        done = self.call("create_video", "--prompt", "x", "--output", "/nonexistent/folder/a.mp4")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(self.sandbox.charges(), before)

    def test_the_key_is_in_no_output(self):
        for args in (("create_video", "--prompt", "sandbox:error-500"), ("get_video_status", "--job_id", NO_JOB)):
            done = run("call", *args, env=self.sandbox.client(MOTION_LOG_LEVEL="debug"))
            self.assertNotIn("motion_cli_test", done.stdout + done.stderr)


class Terminal(unittest.TestCase):
    """stderr on a terminal, and Ctrl-C."""

    def start(self, sandbox, *args):
        self.terminal, theirs = pty.openpty()
        process = subprocess.Popen([BINARY, "call", *args], env=sandbox.client(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=theirs, text=True)
        os.close(theirs)
        self.addCleanup(os.close, self.terminal)
        return process

    def read_until(self, text):
        shown = ""
        deadline = time.monotonic() + DEADLINE_S
        while text not in shown:
            ready, _, _ = select.select([self.terminal], [], [], max(0, deadline - time.monotonic()))
            self.assertTrue(ready, f"{text!r} did not come in {shown!r}")
            try:
                shown += os.read(self.terminal, 4096).decode()
            except OSError:  # the other side is closed
                self.fail(f"{text!r} did not come in {shown!r}")
        return shown

    def test_ctrl_c_while_waiting_says_how_to_go_on(self):
        with Sandbox() as sandbox:
            process = self.start(sandbox, "create_video", "--prompt", "sandbox:stuck", "--wait")
            self.assertIn("\r", self.read_until("next look in"))
            process.send_signal(signal.SIGINT)
            shown = self.read_until("--wait\r\n")
            self.assertIn("The job goes on. To wait for it: motion-mcp call get_video_status --job_id ", shown)
            stdout, _ = process.communicate(timeout=DEADLINE_S)
            self.assertEqual(process.returncode, 130)
            self.assertIn("Job ", stdout)


class Others(unittest.TestCase):
    def test_sandbox_prints_its_base_url_and_nothing_else(self):
        with Sandbox() as sandbox:
            self.assertRegex(sandbox.base_url, r"^http://127\.0\.0\.1:\d+/api/motion$")
        self.assertEqual(sandbox.process.returncode, 0)
        self.assertEqual(sandbox.rest_of_stdout, "")

    def test_sandbox_refuses_an_address_that_is_taken(self):
        with Sandbox() as sandbox:
            address = sandbox.base_url.removeprefix("http://").split("/")[0]
            second = run("sandbox", "--listen", address, env=environment())
            self.assertEqual(second.returncode, 2)
            self.assertIn(address, second.stderr)

    def test_doctor_is_content_with_the_sandbox_and_not_with_a_bad_key(self):
        with tempfile.TemporaryDirectory() as home, Sandbox() as sandbox:
            charges = sandbox.charges()
            well = run("doctor", "--json", env=sandbox.client(HOME=home))
            self.assertEqual(well.returncode, 0, well.stdout)
            self.assertIs(json.loads(well.stdout)["ok"], True)
            ill = run("doctor", env=environment(HOME=home, MOTION_API_BASE_URL=sandbox.base_url))
            self.assertEqual(ill.returncode, 1)
            self.assertIn("fail  key", ill.stdout)
            self.assertEqual(sandbox.charges(), charges)

    def test_tools_needs_no_key_and_shows_what_a_host_gets(self):
        listed = json.loads(run("tools", "--json", env=environment()).stdout)
        self.assertEqual([tool["name"] for tool in listed["tools"]],
                         ["create_video", "download_video", "followup_video", "get_video_status", "list_videos", "refresh_video_card"])
        self.assertTrue(listed["instructions"])
        reading = json.loads(run("tools", "--json", "--read-only", env=environment()).stdout)
        self.assertEqual([tool["name"] for tool in reading["tools"]], ["get_video_status", "list_videos", "refresh_video_card"])

    def test_print_config_names_this_very_binary(self):
        printed = run("print-config", "cursor", "--sandbox", env=environment())
        server = json.loads(printed.stdout)["mcpServers"]["motion"]
        self.assertEqual(server["command"], os.path.realpath(BINARY))
        self.assertEqual(server["args"], ["--sandbox"])

    def test_a_wrong_flag_or_variable_is_2_for_every_command(self):
        for args in ((), ("call",), ("sandbox",), ("tools",), ("doctor",), ("print-config",)):
            with self.subTest(args=args):
                self.assertEqual(run(*args, "--no-such-flag", env=environment()).returncode, 2)
                done = run(*args, env=environment(MOTION_LOG_LEVEL="loud"))
                self.assertEqual(done.returncode, 2)
                self.assertIn("MOTION_LOG_LEVEL", done.stderr)

    def test_a_wrong_argument_is_told_with_the_right_one(self):
        done = run("call", "create_video", "--promt", "x", "--sandbox", env=environment())
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean --prompt? See motion-mcp call --help.", done.stderr)

    def test_doctor_looks_where_it_would_write(self):
        with tempfile.NamedTemporaryFile() as file:
            for flag, check in (("--ledger", "ledger"), ("--output-dir", "videos")):
                done = run("doctor", flag, file.name + "/below", "--json",
                           env=environment(MOTION_API_BASE_URL="http://127.0.0.1:9/api/motion"))
                self.assertEqual(done.returncode, 1)
                results = {one["check"]: one["result"] for one in json.loads(done.stdout)["checks"]}
                self.assertEqual(results[check], "fail")

    def test_output_that_is_lost_is_no_success(self):
        for args in (("tools", "--json"), ("print-config", "cursor"), ("--help",), ("call", "create_video", "--help")):
            with self.subTest(args=args), open("/dev/full", "w") as full:
                done = subprocess.run([BINARY, *args], env=environment(), stdout=full, stderr=subprocess.PIPE, text=True,
                                      timeout=DEADLINE_S, check=False)
                self.assertEqual(done.returncode, 1)
                self.assertIn("the output could not be written: No space left on device", done.stderr)

    def test_output_to_a_pipe_that_nobody_empties_yet_waits(self):
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        process = subprocess.Popen([BINARY, "tools", "--json"], env=environment(), stdout=writer)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            self.assertTrue(json.loads(pipe.read())["tools"])
        self.assertEqual(process.wait(timeout=DEADLINE_S), 0)

    def test_a_reader_that_leaves_is_no_fault(self):
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "w") as pipe:
            done = subprocess.run([BINARY, "tools"], env=environment(), stdout=pipe, stderr=subprocess.PIPE, text=True,
                                  timeout=DEADLINE_S, check=False, preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN))
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_help_goes_to_stdout(self):
        for args in ((), ("call",), ("call", "create_video"), ("sandbox",), ("tools",), ("doctor",), ("print-config",)):
            done = run(*args, "--help", env=environment())
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("Usage: motion-mcp", done.stdout)


if __name__ == "__main__":
    BINARY = sys.argv.pop(1)
    unittest.main(verbosity=2)
