// For a statement that finds what somebody is then told as confirmed: a column that makes its unit a commit,
// so that it is answered only when the synchronous standbys have all that it could see. What a crash, or the
// end of a session that waited for a standby, left behind is visible before it is safe. Nothing is written
// where the database has no such standby, or no row was found. Stateless.
#pragma once

#define QTABLE_ONCE_REPLICATED                                           \
    "case when current_setting('synchronous_standby_names') <> '' then " \
    "pg_logical_emit_message(true, 'qtable', '') end"
