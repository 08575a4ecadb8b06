//! Reads what the streams carry: signals, alerts, pulses and whatever a stream adds.

use serde_json::value::RawValue;

use crate::event::{AlertChange, EventBody, Signal, StreamEvent};
use crate::session::Sink;
use crate::text::Text;

use super::wire::{Envelope, SignalData};

/// Says a message of a stream. Its data may be null, or of a kind of its own: then the signal has its type alone.
pub(super) fn say(envelope: &Envelope<'_>, stream: Text<'_>, frame: &str, out: &mut dyn Sink) {
    let data = read(envelope.data);
    let alert = match envelope.kind.as_str() {
        "alert_issued" => Some(AlertChange::Issued),
        "alert_cleared" => Some(AlertChange::Cleared),
        _ => None,
    };
    let title = titled(&data).cloned();
    let signal = Signal {
        stream,
        signal_type: envelope.kind.clone(),
        signal: data.id.0,
        alert,
        title,
        description: data.description.0,
        category: data.category.0,
        severity: data.severity.0.as_deref().and_then(severity),
        place: place(data.lat.0, data.lng.0),
        cities: data.cities.0,
    };
    let at = envelope.ts.0.or(data.created_at.0);
    out.event(&StreamEvent { at, body: EventBody::Signal(signal), data: frame });
}

/// What a signal is called, of a whole message: by its title or what stands for one, else by its description.
pub fn title(message: &str) -> Option<String> {
    let envelope: Envelope<'_> = serde_json::from_str(message).ok()?;
    let data = read(envelope.data);
    titled(&data).or(data.description.0.as_ref()).map(|title| title.as_str().to_owned())
}

/// Where a signal is, of a whole message, see [`area`].
pub fn area_of(message: &str) -> Option<String> {
    let envelope: Envelope<'_> = serde_json::from_str(message).ok()?;
    let data = read(envelope.data);
    area(data.cities.0.iter().map(Text::as_str), 0, place(data.lat.0, data.lng.0))
}

/// Where a signal is, in words: "Haifa, Acre and 2 more", or "38.9° N, 25.1° E" where no city is named. `None` where the
/// service does not say. `more` is how many cities there are beside those that are given.
pub fn area<'c>(cities: impl Iterator<Item = &'c str>, more: usize, place: Option<(f64, f64)>) -> Option<String> {
    let cities: Vec<&str> = cities.filter(|city| !city.is_empty()).collect();
    Some(match cities.as_slice() {
        [] => {
            // As it is written: what is next to nothing is on neither side.
            let (lat, lng) = place.map(|(lat, lng)| ((lat * 10.0).round() / 10.0, (lng * 10.0).round() / 10.0))?;
            let (ns, ew) = (if lat < 0.0 { 'S' } else { 'N' }, if lng < 0.0 { 'W' } else { 'E' });
            format!("{:.1}° {ns}, {:.1}° {ew}", lat.abs(), lng.abs())
        }
        [one] if more == 0 => (*one).to_owned(),
        [one] => format!("{one} and {more} more"),
        [one, other] if more == 0 => format!("{one} and {other}"),
        [one, other, rest @ ..] => format!("{one}, {other} and {} more", rest.len().saturating_add(more)),
    })
}

fn titled<'d, 'a>(data: &'d SignalData<'a>) -> Option<&'d Text<'a>> {
    let SignalData { title, threat, headline, name, callsign, symbol, place, text, .. } = data;
    [title, threat, headline, name, callsign, symbol, place, text].into_iter().find_map(|title| title.0.as_ref())
}

/// Reads the data; a bare string or number is the id, as a clearance may carry no more.
fn read(data: Option<&RawValue>) -> SignalData<'_> {
    let Some(data) = data else { return SignalData::default() };
    serde_json::from_str(data.get()).unwrap_or_else(|_| {
        let mut signal = SignalData::default();
        signal.id = serde_json::from_str(data.get()).unwrap_or_default();
        signal
    })
}

/// A severity from 1 to 5: a number, or a word. The service's own words are Routine, Notable, Elevated, High and
/// Critical; the others are those in common use beside them.
pub fn severity(text: &str) -> Option<u8> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        return (1.0..=5.0).contains(&number).then_some(number.round() as u8);
    }
    let is_one_of = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    const WORDS: [&[&str]; 5] = [
        &["routine", "low", "info", "informational"],
        &["notable", "guarded", "minor"],
        &["elevated", "medium", "moderate"],
        &["high", "severe", "major"],
        &["critical", "extreme"],
    ];
    WORDS.iter().position(|words| is_one_of(words)).map(|index| index as u8 + 1)
}

/// A place on Earth, when both are given and in their range.
fn place(lat: Option<f64>, lng: Option<f64>) -> Option<(f64, f64)> {
    let (lat, lng) = (lat?, lng?);
    (lat.abs() <= 90.0 && lng.abs() <= 180.0).then_some((lat, lng))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities_are_numbers_or_words() {
        let cases = [
            ("1", Some(1)),
            ("5.0", Some(5)),
            ("0", None),
            ("6", None),
            ("NaN", None),
            ("Routine", Some(1)),
            ("LOW", Some(1)),
            ("Notable", Some(2)),
            ("MEDIUM", Some(3)),
            ("elevated", Some(3)),
            (" HIGH ", Some(4)),
            ("Critical", Some(5)),
            ("purple", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(severity(text), expected, "{text:?}");
        }
    }

    #[test]
    fn an_area_is_its_cities_or_else_its_place() {
        let of = |cities: &[&str], place| area(cities.iter().copied(), 0, place);
        assert_eq!(of(&["Haifa"], None).as_deref(), Some("Haifa"));
        assert_eq!(of(&["Haifa", "Acre"], Some((1.0, 2.0))).as_deref(), Some("Haifa and Acre"));
        assert_eq!(of(&["Haifa", "Acre", "Sderot", "Netanya"], None).as_deref(), Some("Haifa, Acre and 2 more"));
        assert_eq!(of(&[], Some((-38.94, 25.06))).as_deref(), Some("38.9° S, 25.1° E"));
        assert_eq!(of(&[], Some((-0.04, 0.04))).as_deref(), Some("0.0° N, 0.0° E"), "on neither side");
        assert_eq!(of(&[], Some((-0.06, -0.06))).as_deref(), Some("0.1° S, 0.1° W"));
        assert_eq!(of(&[""], None), None);
        let some = |cities: &[&str]| area(cities.iter().copied(), 9, None);
        assert_eq!(some(&["Haifa", "Acre", "Sderot"]).as_deref(), Some("Haifa, Acre and 10 more"));
        assert_eq!(some(&["Haifa"]).as_deref(), Some("Haifa and 9 more"));
        let told = r#"{"type":"alert_issued","data":{"id":"a","threat":"Tsunami","cities":["Haifa","Acre"]}}"#;
        assert_eq!(area_of(told).as_deref(), Some("Haifa and Acre"));
    }

    #[test]
    fn a_place_needs_both_coordinates_in_range() {
        assert_eq!(place(Some(52.5), Some(13.4)), Some((52.5, 13.4)));
        assert_eq!(place(Some(52.5), None), None);
        assert_eq!(place(Some(91.0), Some(0.0)), None);
        assert_eq!(place(Some(f64::NAN), Some(0.0)), None);
    }
}
