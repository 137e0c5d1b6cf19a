#!/usr/bin/env python3
"""What one video costs an agent in tool calls and in bytes of their results: waited for with wait_seconds, as a task,
and polled every 5 s. Real time by default, ten minutes: the three side by side against one sandbox.

Usage: agent_cost.py PATH_TO_MOTION_MCP [--speed N]
"""
import argparse
import concurrent.futures
import json
import os
import subprocess
import tempfile
import time

TASKS = {"extensions": {"io.modelcontextprotocol/tasks": {}}}
POLL_S = 5


class Agent:
    """A client over stdio that counts what its model would see."""

    def __init__(self, binary, api_url, home, capabilities):
        environment = {**os.environ, "HOME": home, "XDG_DATA_HOME": home, "MOTION_API_KEY": "motion_agent_cost",
                       "MOTION_API_BASE_URL": api_url}
        self.process = subprocess.Popen([binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self.capabilities = capabilities
        self.calls = self.text_bytes = self.result_bytes = self.requests = 0

    def request(self, method, **params):
        self.requests += 1
        params["_meta"] = {"io.modelcontextprotocol/protocolVersion": "2026-07-28",
                           "io.modelcontextprotocol/clientCapabilities": self.capabilities}
        message = {"jsonrpc": "2.0", "id": self.requests, "method": method, "params": params}
        self.process.stdin.write((json.dumps(message) + "\n").encode())
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())["result"]

    def see(self, result):
        self.calls += 1
        self.text_bytes += sum(len(item["text"].encode()) for item in result["content"] if item["type"] == "text")
        seen = {name: result[name] for name in ("content", "structuredContent") if name in result}
        self.result_bytes += len(json.dumps(seen, separators=(",", ":"), ensure_ascii=False).encode())
        return result["structuredContent"]

    def call(self, tool, **arguments):
        return self.see(self.request("tools/call", name=tool, arguments=arguments))

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)


def wait(agent, prompt, _speed):
    job = agent.call("create_video", prompt=prompt)
    while not job["ready"]:
        job = agent.call("get_video_status", job_id=job["job_id"], wait_seconds=50)


def as_task(agent, prompt, speed):
    task = agent.request("tools/call", name="create_video", arguments={"prompt": prompt})
    while task["status"] == "working":
        time.sleep(task["pollIntervalMs"] / 1000 / min(speed, 10))
        task = agent.request("tasks/get", taskId=task["taskId"])
    assert agent.see(task["result"])["ready"]


def poll(agent, prompt, speed):
    job = agent.call("create_video", prompt=prompt)
    while not job["ready"]:
        time.sleep(POLL_S / speed)
        job = agent.call("get_video_status", job_id=job["job_id"])


MODES = {"`wait_seconds: 50`": (wait, {}), "a task": (as_task, TASKS), "a poll every 5 s": (poll, {})}


def run(arguments, api_url, mode):
    drive, capabilities = MODES[mode]
    with tempfile.TemporaryDirectory() as home:
        agent = Agent(arguments.binary, api_url, home, capabilities)
        began = time.monotonic()
        drive(agent, f"A fox in the snow, {mode}", arguments.speed)
        agent.close()
        return (f"| {mode} | {agent.calls} | {agent.text_bytes:,} | {agent.result_bytes:,} | {agent.requests} "
                f"| {time.monotonic() - began:.0f} s |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("--speed", type=float, default=1)
    arguments = parser.parse_args()
    sandbox = subprocess.Popen([arguments.binary, "sandbox", "--speed", str(arguments.speed)], stdout=subprocess.PIPE,
                               text=True)
    try:
        origin = sandbox.stdout.readline().split()[-1].rstrip("/")
        api_url = origin if origin.endswith("/api/motion") else origin + "/api/motion"
        with concurrent.futures.ThreadPoolExecutor(len(MODES)) as threads:
            rows = list(threads.map(lambda mode: run(arguments, api_url, mode), MODES))
    finally:
        sandbox.terminate()
        sandbox.wait(30)
    print("| the agent gets its video by | tool calls | bytes of text | bytes of whole results | requests | time |")
    print("|---|---|---|---|---|---|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
