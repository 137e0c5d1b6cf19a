// What get_video_status is at its least: one GET to the Motion API with Node's fetch, and a result of the same shape.
export async function askMotion(jobId, authorization) {
  const response = await fetch(`${process.env.MOTION_API_BASE_URL}/sessions/${jobId}`, { headers: { authorization } });
  if (!response.ok) throw new Error(`the Motion API answered ${response.status}`);
  const job = await response.json();
  const result = {
    job_id: job.job_id,
    status: job.status,
    ready: job.status === 'completed' && job.output?.status === 'completed',
    message: 'The video is being made.',
    next_step: `Call get_video_status with job_id=${job.job_id} in 3 seconds.`,
    created_at: job.created_at,
    updated_at: job.updated_at,
  };
  const text = `${result.message}\nJob ${job.job_id}: status ${job.status}.\nNext: ${result.next_step}`;
  return { content: [{ type: 'text', text }], structuredContent: result };
}
