-- A list of versions says which of them were published against the rule of two, and why. The audit log has it.
create index audit_log_overrides on audit_log (workspace_id, target_id)
  where action = 'workflow.rule-of-two-overridden';
