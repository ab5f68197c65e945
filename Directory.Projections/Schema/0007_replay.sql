-- What replay asks: the groups within a group, and what something was called at an instant.

create index group_member_nested on group_member (tenant_id, group_id) where member_type = 'Group';
create index audit_entry_target_time on audit_entry (tenant_id, stream_id, time);
