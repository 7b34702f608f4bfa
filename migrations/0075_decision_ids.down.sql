alter table approvals drop column decision_id;
