-- What a reader could not make of a document that it did read: pages without text, an encoding that it had to guess.
alter table documents add column note text;
