use std::path::PathBuf;

use proptest::prelude::*;
use protocol::Protocol;
use protocol::config::{KeyIn, PhoenixVersion, Subscribe};

use super::*;

fn connection() -> Connection {
    Connection {
        name: "jobs".into(),
        protocol: Protocol::Hantera,
        url: "wss://core.example.com/ws".parse().unwrap(),
        http_url: None,
        credential: None,
        enabled: true,
        ca_file: None,
        subscribe: vec![Subscribe::All("actors".into())],
        live_queries: Vec::new(),
        allow_plaintext: false,
        notify_unlocked: false,
        tags: Vec::new(),
        phoenix_version: None,
        key_in: None,
    }
}

fn draft() -> ConnectionDraft {
    ConnectionDraft { name: " jobs ".into(), secret: Some("marked".into()), ..ConnectionDraft::of(&connection()) }
}

fn text() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9 äß\"'\\\\\\[\\],;#/_-]{1,12}".prop_filter("more than blanks around", |text| text.trim() == text)
}

fn subscribe(protocol: Protocol) -> BoxedStrategy<Subscribe> {
    let all = text().prop_map(Subscribe::All);
    let some =
        (text(), prop::collection::vec(text(), 0..4)).prop_map(|(path, events)| Subscribe::Some { path, events });
    if protocol == Protocol::Hantera { prop_oneof![all, some].boxed() } else { all.boxed() }
}

fn query() -> impl Strategy<Value = LiveQuery> {
    (text(), prop::option::of(text()), prop::option::of(text())).prop_map(|(edge, filter, order_by)| LiveQuery {
        id: String::new(),
        edge,
        filter,
        order_by,
    })
}

fn source() -> impl Strategy<Value = Option<CredentialSource>> {
    prop_oneof![
        Just(None),
        text().prop_map(|entry| Some(CredentialSource::Keychain(entry))),
        text().prop_map(|variable| Some(CredentialSource::Env(variable))),
        prop::collection::vec(".{0,8}", 1..4).prop_map(|command| Some(CredentialSource::Command(command))),
    ]
}

prop_compose! {
    fn any_connection()(protocol in (0..5_usize).prop_map(|at| Protocol::ALL[at]))(
        name in text(),
        subscribe in prop::collection::vec(subscribe(protocol), 0..5),
        queries in prop::collection::vec(query(), 0..3),
        (credential, tags, ca_file) in (source(), prop::collection::vec(text(), 0..3), prop::option::of(text())),
        (enabled, plain, far, http, notify_unlocked) in any::<(bool, bool, bool, bool, bool)>(),
        (version, key) in (0..3_usize, 0..3_usize),
        protocol in Just(protocol),
    ) -> Connection {
        let host = if far { "api.example.com" } else { "127.0.0.1:4711" };
        let (scheme, http_scheme) = if plain { ("ws", "http") } else { ("wss", "https") };
        let mut live_queries = if protocol == Protocol::Hantera { queries } else { Vec::new() };
        for (at, query) in live_queries.iter_mut().enumerate() {
            query.id = format!("query {at}");
        }
        Connection {
            name,
            protocol,
            url: format!("{scheme}://{host}/a/b?vsn=2").parse().unwrap(),
            http_url: http.then(|| format!("{http_scheme}://{host}/api").parse().unwrap()),
            credential,
            enabled,
            ca_file: ca_file.map(PathBuf::from),
            subscribe,
            live_queries,
            allow_plaintext: plain,
            notify_unlocked,
            tags,
            phoenix_version: [None, Some(PhoenixVersion::V1), Some(PhoenixVersion::V2)][version],
            key_in: [None, Some(KeyIn::Header), Some(KeyIn::Query)][key],
        }
    }
}

proptest! {
    #[test]
    fn nothing_of_a_connection_is_lost_by_editing(connection in any_connection()) {
        prop_assert_eq!(connection.validate(), Ok(()));
        let draft = ConnectionDraft::of(&connection);
        // As it goes to the page and comes back.
        let json = serde_json::to_string(&draft).unwrap();
        let draft: ConnectionDraft = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(draft.connection(Some(&connection)).unwrap(), connection);
    }
}

#[test]
fn a_renamed_connection_finds_its_credential_and_a_copy_has_its_own() {
    let old = draft().connection(None).unwrap();
    assert_eq!((old.name.as_str(), &old.credential), ("jobs", &None));
    let renamed = ConnectionDraft { name: "work".into(), ..draft() };
    assert_eq!(renamed.connection(Some(&old)).unwrap().credential_source(), CredentialSource::Keychain("jobs".into()));
    assert_eq!(renamed.connection(None).unwrap().credential_source(), CredentialSource::Keychain("work".into()));
}

#[test]
fn what_is_wrong_is_a_sentence() {
    let wrong = |change: fn(&mut ConnectionDraft)| {
        let mut draft = draft();
        change(&mut draft);
        draft.connection(None).unwrap_err()
    };
    let plain = wrong(|draft| draft.url = "ws://far.example/".into());
    assert!(plain.starts_with("Connection \"jobs\": ws:// would send") && plain.ends_with('.'), "{plain}");
    assert!(wrong(|draft| draft.http_url = Some("nowhere".into())).starts_with("The HTTP address is not one"));
    assert!(wrong(|draft| draft.keep = Keep::Env(" ".into())).starts_with("Name the environment variable"));
    let query = crate::view::LiveQueryDraft { id: "a".into(), edge: String::new(), filter: None, order_by: None };
    let mut unfinished = draft();
    unfinished.live_queries.push(query);
    assert!(unfinished.connection(None).unwrap_err().contains("live query \"a\" needs"));
    assert!(!format!("{:?}", draft()).contains("marked"));
}
