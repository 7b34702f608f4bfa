drop table model_turns;
