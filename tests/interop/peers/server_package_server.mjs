// @modelcontextprotocol/server 2.4.0 on stdio, which serves both eras.
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { tool } from './tool.mjs';

serveStdio(() => {
  const server = new McpServer({ name: 'server-package-server', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.registerTool(tool.name, tool.config, tool.run);
  return server;
});
