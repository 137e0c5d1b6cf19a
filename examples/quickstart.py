#!/usr/bin/env python3
"""A whole MCP session over stdio, with nothing but the standard library:

    examples/quickstart.py build/release/motion-mcp --sandbox

It starts the server, creates a video, waits until it is ready, asks for a change, waits again, downloads both
MP4s and checks them. Without --sandbox, and with MOTION_API_KEY set, it does the same with the real service,
which takes minutes and spends credits.
"""

import argparse
import hashlib
import json
import pathlib
import queue
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request


class ToolError(Exception):
    """The tool refused or failed; the text says what happened and what to do."""


class McpSession:
    """One server process. A message is one line of JSON, in each direction."""

    ANSWER_DEADLINE_SECONDS = 60

    def __init__(self, command):
        self._server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        self._lines = queue.Queue()
        self._last_id = 0
        threading.Thread(target=self._read_lines, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # The end of its input is all that a stdio server needs to stop.
        self._server.stdin.close()
        try:
            self._server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._server.kill()

    def initialize(self):
        result = self.request("initialize", {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "quickstart", "version": "1"},
        })
        self.notify("notifications/initialized")
        return result

    def call_tool(self, name, **arguments):
        result = self.request("tools/call", {"name": name, "arguments": arguments})
        if result.get("isError"):
            raise ToolError("\n".join(block.get("text", "") for block in result["content"]))
        return result["structuredContent"]

    def request(self, method, params):
        self._last_id += 1
        self._send({"id": self._last_id, "method": method, "params": params})
        deadline = time.monotonic() + self.ANSWER_DEADLINE_SECONDS
        while True:
            message = self._next_message(method, deadline)
            if message.get("id") != self._last_id:
                continue  # a notification
            if "error" in message:
                raise RuntimeError(f"{method}: {message['error']['message']}")
            return message["result"]

    def notify(self, method):
        self._send({"method": method})

    def _send(self, message):
        self._server.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self._server.stdin.flush()

    def _next_message(self, method, deadline):
        try:
            line = self._lines.get(timeout=max(0, deadline - time.monotonic()))
        except queue.Empty:
            raise RuntimeError(f"{method}: no answer in {self.ANSWER_DEADLINE_SECONDS} s") from None
        if line is None:
            raise RuntimeError(f"{method}: the server ended; its last words are above")
        return json.loads(line)

    def _read_lines(self):
        for line in self._server.stdout:
            self._lines.put(line)
        self._lines.put(None)


def wait_until_ready(session, job_id, deadline_seconds):
    """Polls as the server advises. `ready` alone means that the video can be fetched: `status` is the job's."""
    started = time.monotonic()
    shown = None
    while time.monotonic() - started < deadline_seconds:
        job = session.call_tool("get_video_status", job_id=job_id)
        if job["message"] != shown:
            shown = job["message"]
            print(f"  {time.monotonic() - started:4.0f} s  {shown}")
        if job["ready"]:
            return job
        if "poll_after_seconds" not in job:
            raise ToolError(f"{job['message']} {job['next_step']}")  # waiting will not help
        time.sleep(job["poll_after_seconds"])
    raise ToolError(f"Not ready after {deadline_seconds} s; the job goes on: {job_id}")


def is_for_models(tool):
    """False for a tool that only a view may call (MCP Apps, "visibility")."""
    return "model" in tool.get("_meta", {}).get("ui", {}).get("visibility", ["model"])


def download(url, path):
    """Streams the MP4 to `path`, checks that it is one, and returns its size and hash."""
    local = urllib.parse.urlsplit(url).hostname == "127.0.0.1"
    opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if local else []))
    digest, size = hashlib.sha256(), 0
    with opener.open(url, timeout=60) as response, open(path, "wb") as file:
        expected = response.headers["Content-Length"]
        while block := response.read(1 << 16):
            digest.update(block)
            size += len(block)
            file.write(block)
    if expected is not None and size != int(expected):
        raise RuntimeError(f"{url}: {size} of {expected} bytes arrived")
    # Every MP4 begins with a box of type ftyp.
    with open(path, "rb") as file:
        if file.read(8)[4:] != b"ftyp":
            raise RuntimeError(f"{path} is not an MP4")
    return size, digest.hexdigest()


def make_videos(session, folder, deadline_seconds):
    """Creates a video and revises it; returns the path of the revised MP4."""
    server = session.initialize()["serverInfo"]
    tools = [tool["name"] for tool in session.request("tools/list", {})["tools"] if is_for_models(tool)]
    print(f"Connected to {server['name']} {server['version']}: {', '.join(tools)}")

    print("create_video")
    job_id = session.call_tool("create_video", prompt="A 15 second launch video for a calendar app.",
                               aspect_ratio="16:9", duration="10-30s")["job_id"]
    first = fetch_when_ready(session, job_id, folder / "launch.mp4", deadline_seconds)

    print("followup_video")
    session.call_tool("followup_video", job_id=job_id, prompt="Make the opening title more energetic.")
    revised_path = folder / "launch-revised.mp4"
    if fetch_when_ready(session, job_id, revised_path, deadline_seconds) == first:
        raise RuntimeError("The followup changed nothing.")
    return revised_path


def fetch_when_ready(session, job_id, path, deadline_seconds):
    """Waits, downloads to `path`, and returns the hash."""
    job = wait_until_ready(session, job_id, deadline_seconds)
    size, sha256 = download(job["output"]["download_url"], path)
    print(f"  {path.name}: MP4, {size} bytes, sha256 {sha256}")
    return sha256


def main():
    parser = argparse.ArgumentParser(description="Makes and revises a video through an MCP server on stdio.")
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("."), help="folder for the MP4s")
    parser.add_argument("--deadline", type=int, default=1800, help="seconds to wait for each video")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="the server and its arguments")
    options = parser.parse_args()
    if not options.command:
        parser.error("name the server to start")

    options.output.mkdir(parents=True, exist_ok=True)
    try:
        with McpSession(options.command) as session:
            path = make_videos(session, options.output.resolve(), options.deadline)
    except (ToolError, RuntimeError, OSError) as error:
        sys.exit(f"quickstart: {error}")
    print(f"Verified: {path}")


if __name__ == "__main__":
    main()
