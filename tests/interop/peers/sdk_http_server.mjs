// @modelcontextprotocol/sdk 1.32.2 over HTTP, set up as its example simpleStreamableHttp.js is, without what that one adds
// to show more: a store of events and lines on the console. One session and one McpServer for each client.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import { listen } from './listen.mjs';
import { tool } from './tool.mjs';

const sessions = new Map();

async function begin() {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => sessions.set(id, transport),
  });
  transport.onclose = () => sessions.delete(transport.sessionId);
  const server = new McpServer({ name: 'sdk-http-server', version: '1.0.0' });
  server.registerTool(tool.name, tool.config, tool.run);
  await server.connect(transport);
  return transport;
}

const app = createMcpExpressApp();
app.post('/mcp', async (request, response) => {
  const known = sessions.get(request.headers['mcp-session-id']);
  if (!known && !isInitializeRequest(request.body)) return response.status(404).end();
  const transport = known ?? (await begin());
  await transport.handleRequest(request, response, request.body);
});
listen(createServer(app));
