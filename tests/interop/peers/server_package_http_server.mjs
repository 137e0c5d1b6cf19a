// @modelcontextprotocol/server 2.4.0 over HTTP: its createMcpHandler serves both eras, without sessions. With
// MOTION_API_BASE_URL the tool asks the Motion API as motion-mcp does.
import { createServer } from 'node:http';
import { localhostHostValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { askMotion } from './ask_motion.mjs';
import { listen } from './listen.mjs';
import { tool } from './tool.mjs';

const run = process.env.MOTION_API_BASE_URL
  ? ({ job_id }, context) => askMotion(job_id, context.http.req.headers.get('authorization'))
  : tool.run;

const handler = toNodeHandler(createMcpHandler(() => {
  const server = new McpServer({ name: 'server-package-http-server', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.registerTool(tool.name, tool.config, run);
  return server;
}));
const isLocal = localhostHostValidation();
listen(createServer((request, response) => {
  if (isLocal(request, response)) handler(request, response);
}));
