//! The words by which events are found. Text is cut into words here, for what is kept and for what is searched alike, so
//! that the index never sees a sign that means something to it.

use protocol::Kind;

/// Words of one event that are kept.
const MOST_WORDS: usize = 1_000;
/// Letters of a word that are kept.
const MOST_LETTERS: usize = 40;
/// Words of a search that count.
const MOST_TERMS: usize = 16;

/// The words of an event: its kind, subject, definition and the values of its data (not the names of its fields).
pub(super) fn of_event(kind: Kind, subject: &str, definition: Option<&str>, data: &str) -> String {
    let mut words = Words { text: String::with_capacity(data.len() / 2 + 32), left: MOST_WORDS };
    words.add(kind.name());
    words.add(subject);
    words.add(definition.unwrap_or_default());
    match serde_json::from_str::<serde_json::Value>(data) {
        Ok(value) => words.add_values(&value),
        Err(_) => words.add(data),
    }
    words.text
}

/// What to ask the index for: all words; one that ends in `*` is the beginning of a word. `None` when there is none to look
/// for.
///
/// Only a beginning that is asked for is one: the index walks through a word newest first and stops at the end of a page,
/// but must gather all that is in any word of a beginning.
pub(super) fn of_search(text: &str) -> Option<String> {
    let mut terms = Vec::new();
    for part in text.split_whitespace() {
        let mut words = Words { text: String::new(), left: MOST_TERMS - terms.len() };
        words.add(part);
        terms.extend(words.text.split_ascii_whitespace().map(|word| format!("\"{word}\"")));
        if let (true, Some(last)) = (part.ends_with('*') && !words.text.is_empty(), terms.last_mut()) {
            last.push('*');
        }
    }
    (!terms.is_empty()).then(|| terms.join(" AND "))
}

struct Words {
    text: String,
    left: usize,
}

impl Words {
    fn add_values(&mut self, value: &serde_json::Value) {
        use serde_json::Value::*;
        match value {
            Null | Bool(_) => {}
            Number(number) => self.add(&number.to_string()),
            String(text) => self.add(text),
            Array(values) => values.iter().for_each(|value| self.add_values(value)),
            Object(fields) => fields.values().for_each(|value| self.add_values(value)),
        }
    }

    fn add(&mut self, text: &str) {
        let mut rest = text;
        while self.left > 0 {
            rest = rest.trim_start_matches(|letter: char| !letter.is_alphanumeric());
            if rest.is_empty() {
                return;
            }
            // A UUID is one word and not five: a fifth of the index.
            let uuid = uuid_at(rest);
            let end = if uuid { 36 } else { rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len()) };
            let (word, after) = rest.split_at(end);
            if word.len() <= MOST_LETTERS && word.is_ascii() && !uuid {
                // Nearly all are, and this is on the path of every event that is kept.
                let begin = self.text.len();
                self.text.push_str(word);
                self.text.get_mut(begin..).unwrap_or_default().make_ascii_lowercase();
            } else {
                let letters = word.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase);
                self.text.extend(letters.take(MOST_LETTERS));
            }
            self.text.push(' ');
            self.left -= 1;
            rest = after;
        }
    }
}

fn uuid_at(text: &str) -> bool {
    let Some(bytes) = text.as_bytes().get(..36) else { return false };
    let ends = text.as_bytes().get(36).is_none_or(u8::is_ascii);
    ends && bytes.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_found_by_its_values_and_not_by_its_fields() {
        let words = of_event(
            Kind::DeviceUnlocked,
            "ABC-123",
            Some("Nightly Sync"),
            r#"{"source":"rfid","n":{"x":[1.5,true,"Ärger"]},"id":"0F8fad5b-d9cb-469f-a165-70867728950e"}"#,
        );
        let mut words: Vec<&str> = words.split_whitespace().collect();
        words.sort_unstable();
        let mut expected = [
            "device",
            "unlocked",
            "abc",
            "123",
            "nightly",
            "sync",
            "rfid",
            "1",
            "5",
            "ärger",
            "0f8fad5bd9cb469fa16570867728950e",
        ];
        expected.sort_unstable();
        assert_eq!(words, expected);
    }

    #[test]
    fn a_search_has_no_signs() {
        for (text, asked) in [
            (r#"a" OR (b* NEAR/2 -c:"#, r#""a" AND "or" AND "b"* AND "near" AND "2" AND "c""#),
            ("0f8fad5b-d9cb-469f-a165-70867728950e", r#""0f8fad5bd9cb469fa16570867728950e""#),
            ("0f8fad5b*", r#""0f8fad5b"*"#),
        ] {
            assert_eq!(of_search(text).unwrap(), asked);
        }
        assert_eq!(of_search(" \" ' * - "), None);
    }
}
