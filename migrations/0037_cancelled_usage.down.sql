drop function app.book_cancelled(uuid, uuid, bigint, jsonb);
