//! What somebody may have meant.

/// How many names are offered.
const OFFERED: usize = 5;

/// The names that are like what was typed, quoted, as the end of a sentence: `"a" or "b"`. With nothing alike, the first ones.
pub(super) fn nearest(typed: &str, names: &[String]) -> Option<String> {
    let low = typed.to_lowercase();
    let mut ranked: Vec<(f64, &String)> = names
        .iter()
        .map(|name| {
            let known = name.to_lowercase();
            let part = !low.is_empty() && (known.contains(&low) || low.contains(&known) && !known.is_empty());
            (strsim::jaro_winkler(&low, &known) + if part { 1.0 } else { 0.0 }, name)
        })
        .collect();
    // A stable order: what is equally alike stays as it was.
    ranked.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let alike = ranked.iter().take_while(|(rank, _)| *rank >= ALIKE).count();
    let shown: Vec<String> = ranked
        .iter()
        .take(if alike == 0 { OFFERED } else { alike.min(OFFERED) })
        .map(|(_, name)| format!("\"{name}\""))
        .collect();
    match &shown[..] {
        [] => None,
        [only] => Some(only.clone()),
        [first @ .., last] => Some(format!("{} or {last}", first.join(", "))),
    }
}

/// From here on a name is taken to be one that was mistyped.
const ALIKE: f64 = 0.8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name() {
        let names = ["battery_voltage", "speed", "temperature"].map(str::to_owned);
        assert_eq!(nearest("batery_voltage", &names).as_deref(), Some("\"battery_voltage\""));
        assert_eq!(nearest("battery", &names).as_deref(), Some("\"battery_voltage\""));
        assert_eq!(nearest("zzz", &names).as_deref(), Some("\"battery_voltage\", \"speed\" or \"temperature\""));
        assert_eq!(nearest("x", &[]), None);
    }
}
