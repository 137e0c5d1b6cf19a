// @modelcontextprotocol/sdk 1.32.2 on stdio.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { tool } from './tool.mjs';

const server = new McpServer({ name: 'sdk-server', version: '1.0.0' });
server.registerTool(tool.name, tool.config, tool.run);
await server.connect(new StdioServerTransport());
