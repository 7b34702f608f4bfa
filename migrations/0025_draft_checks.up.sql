-- What a check of the draft has found, so that reading a workflow does not check it again. Null, or made by other rules: it is made anew when it is asked for.
alter table workflows add column draft_check jsonb;
