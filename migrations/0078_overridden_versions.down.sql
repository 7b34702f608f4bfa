drop index audit_log_overrides;
