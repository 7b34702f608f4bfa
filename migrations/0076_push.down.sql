revoke select (id) on approvals from app_system;
drop table quiet_hours;
drop table push_deliveries;
drop table push_subscriptions;
