-- A change of members moves a group's versions and times and nothing else. With no index on them and room in its page the row is updated
-- in place, and none of its other indexes has to be told. A filter on meta.lastModified reads the groups of its directory instead.

drop index scim_group_last_modified;
alter table scim_group set (fillfactor = 70);
