//! How much of a connection is kept.

/// The caps of one connection's state. What does not fit is dropped and counted in [`crate::Counters::dropped`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Devices; further ones are refused.
    pub devices: usize,
    /// Fields of all devices together.
    pub fields: usize,
    /// Fields of one device.
    pub fields_per_device: usize,
    /// Different names of fields and sources.
    pub names: usize,
    /// Bytes of one text or JSON value; a longer text is cut, a longer JSON value is left out.
    pub value_bytes: usize,
    /// Bytes of the text and JSON values of all devices together.
    pub values_bytes: usize,
    /// Lock events kept of one device.
    pub lock_events_per_device: usize,
    /// Lock events kept of all devices together.
    pub lock_events: usize,
    /// Bytes that all series together may take once full. A series that does not fit keeps its last value only.
    pub series_bytes: usize,
    /// Bytes set apart for the series of what is looked at, see [`crate::Devices::keep_history`].
    pub series_bytes_on_demand: usize,
    /// Hosts.
    pub hosts: usize,
    /// Query runs, oldest dropped first.
    pub query_runs: usize,
    /// Rows kept of one query run.
    pub query_rows: usize,
    /// Bytes of rows kept of one query run.
    pub query_bytes: usize,
    /// Hosts whose outcome is kept of one query run.
    pub query_hosts: usize,
    /// Jobs; finished ones are dropped first.
    pub jobs: usize,
    /// Ends of jobs that ran again since, oldest dropped first.
    pub earlier_runs: usize,
    /// Job definitions.
    pub job_definitions: usize,
    /// Durations of a definition from which percentiles are taken.
    pub durations: usize,
    /// Failures kept, oldest dropped first.
    pub failures: usize,
    /// Actors.
    pub actors: usize,
    /// Numbers kept of one actor or definition.
    pub numbers: usize,
    /// Live queries.
    pub live_queries: usize,
    /// Nodes of one live query.
    pub live_query_nodes: usize,
    /// Bytes of the nodes of one live query.
    pub live_query_bytes: usize,
    /// Agents.
    pub agents: usize,
    /// Channels.
    pub channels: usize,
    /// Posts of one channel, oldest dropped first.
    pub posts_per_channel: usize,
    /// Bytes of all posts together.
    pub posts_bytes: usize,
    /// Tasks.
    pub tasks: usize,
    /// Notifications, oldest dropped first.
    pub notifications: usize,
    /// Streams of signals.
    pub streams: usize,
    /// Signals of one stream, oldest dropped first.
    pub signals_per_stream: usize,
    /// Alerts that are issued and not cleared.
    pub alerts: usize,
    /// Cleared alerts, oldest dropped first.
    pub cleared_alerts: usize,
    /// Subscriptions.
    pub subscriptions: usize,
    /// Bytes of an id; what has a longer one is not kept.
    pub id_bytes: usize,
    /// Bytes of a long text: a post's content, an error, a description, a node, SQL.
    pub text_bytes: usize,
    /// Recent events of the kinds that come in masses.
    pub recent_bulk: usize,
    /// Their bytes.
    pub recent_bulk_bytes: usize,
    /// Recent events of all other kinds.
    pub recent_notable: usize,
    /// Their bytes.
    pub recent_notable_bytes: usize,
    /// Bytes of one recent event's data; longer data is cut and marked.
    pub recent_event_bytes: usize,
    /// Names of unrecognised messages that are counted one by one.
    pub unrecognised_names: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds {
            devices: 200_000,
            fields: 1_200_000,
            fields_per_device: 256,
            names: 4_096,
            value_bytes: 1_024,
            values_bytes: 32 << 20,
            lock_events_per_device: 64,
            lock_events: 100_000,
            series_bytes: 64 << 20,
            series_bytes_on_demand: 8 << 20,
            hosts: 20_000,
            query_runs: 20,
            query_rows: 50_000,
            query_bytes: 8 << 20,
            query_hosts: 20_000,
            jobs: 10_000,
            earlier_runs: 1_000,
            job_definitions: 1_000,
            durations: 512,
            failures: 2_000,
            actors: 10_000,
            numbers: 64,
            live_queries: 64,
            live_query_nodes: 1_000,
            live_query_bytes: 4 << 20,
            agents: 10_000,
            channels: 256,
            posts_per_channel: 200,
            posts_bytes: 8 << 20,
            tasks: 10_000,
            notifications: 500,
            streams: 64,
            signals_per_stream: 500,
            alerts: 2_000,
            cleared_alerts: 200,
            subscriptions: 10_000,
            id_bytes: 256,
            text_bytes: 16 << 10,
            recent_bulk: 20_000,
            recent_bulk_bytes: 4 << 20,
            recent_notable: 50_000,
            recent_notable_bytes: 16 << 20,
            recent_event_bytes: 16 << 10,
            unrecognised_names: 64,
        }
    }
}
