// The same tool as motion-mcp's get_video_status, for the two servers that tests/bench measures motion-mcp against.
// What it answers is what motion-mcp answers locally: the refusal of a job_id that is no UUID.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const { name, inputSchema, outputSchema, ...rest } = JSON.parse(
  readFileSync(new URL('../../../schemas/motion/get_video_status.json', import.meta.url), 'utf8'));

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const tool = {
  name,
  config: { ...rest, inputSchema: z.fromJSONSchema(inputSchema), outputSchema: z.fromJSONSchema(outputSchema) },
  run({ job_id }) {
    if (!uuid.test(job_id)) {
      return {
        content: [{ type: 'text', text: `job_id must be the UUID that create_video returned; "${job_id}" is not one. Nothing was sent and nothing was spent.` }],
        isError: true,
      };
    }
    throw new Error('this server only refuses');
  },
};
