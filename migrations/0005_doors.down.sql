drop function app.identify_key(text);
drop function app.identify_webhook(text);
