// Listens on loopback, on any port that is free, and prints the endpoint's URL as `motion-mcp http` does.
export function listen(server) {
  server.listen(0, '127.0.0.1', 1024, () => console.log(`http://127.0.0.1:${server.address().port}/mcp`));
}
