//! Transcripts of agenthq.

mod support;

#[test]
fn transcripts() {
    support::run_transcripts("agenthq");
}
