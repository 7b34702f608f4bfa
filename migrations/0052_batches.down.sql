drop index agent_sessions_by_batch;
