drop table model_calls;
