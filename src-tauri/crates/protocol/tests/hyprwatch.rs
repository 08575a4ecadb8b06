//! Transcripts of hyprwatch.

mod support;

#[test]
fn transcripts() {
    support::run_transcripts("hyprwatch");
}
