-- What replay asks: the groups within a group.

create index group_member_nested on group_member (tenant_id, group_id) where member_type = 'Group';
