drop table vector_metadata, documents, webhook_deliveries, webhooks, schedules, approvals, waits, journal,
  checkpoint_writes, checkpoint_blobs, checkpoints, agent_logs, agent_sessions, workflow_versions, workflows;
