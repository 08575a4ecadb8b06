//! Pictures as they come out: read back by an XML parser and a PNG decoder.
#![allow(clippy::unwrap_used)]

use chart::{Line, Mark, MarkKind, Picture, Theme, Threshold, svg};
use jiff::tz::{Offset, TimeZone};
use proptest::prelude::*;
use roxmltree::{Document, Node};

const HOUR: i64 = 3_600_000;

fn picture(points: Vec<(i64, f64)>) -> Picture {
    Picture {
        title: "Battery".to_owned(),
        subtitle: "gate-7".to_owned(),
        unit: Some("%".to_owned()),
        from: 0,
        to: HOUR,
        lines: vec![Line { label: "level".to_owned(), points, band: None, step: false }],
        ..Picture::default()
    }
}

fn even(count: i64) -> Vec<(i64, f64)> {
    (0..count).map(|n| (n * HOUR / count, 50.0 + (n % 40) as f64)).collect()
}

/// All elements of a name within the groups of a class.
fn in_group<'a>(document: &'a Document<'a>, class: &str, name: &str) -> Vec<Node<'a, 'a>> {
    let groups = document.descendants().filter(|node| node.attribute("class") == Some(class));
    groups
        .flat_map(|group| {
            group
                .descendants()
                .filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", name)))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn texts(document: &Document<'_>) -> Vec<String> {
    document
        .descendants()
        .filter(|node| node.tag_name().name() == "text")
        .map(|node| node.text().unwrap_or_default().to_owned())
        .collect()
}

/// The horizontal extent of a path, in the drawing's own units.
fn reach(path: Node<'_, '_>) -> (f64, f64) {
    let points = path.attribute("points").unwrap();
    let across: Vec<f64> =
        points.split_whitespace().map(|point| point.split(',').next().unwrap().parse().unwrap()).collect();
    (across.iter().copied().fold(f64::MAX, f64::min), across.iter().copied().fold(f64::MIN, f64::max))
}

/// Width, height and pixels.
fn pixels(bytes: &[u8]) -> (u32, u32, Vec<[u8; 3]>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut buffer = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut buffer).unwrap();
    assert_eq!((frame.color_type, frame.bit_depth), (png::ColorType::Rgb, png::BitDepth::Eight));
    let pixels = buffer.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    (frame.width, frame.height, pixels)
}

#[test]
fn a_gap_in_the_samples_is_not_bridged() {
    let whole = svg(&picture(even(60)));
    let document = Document::parse(&whole).unwrap();
    assert_eq!(in_group(&document, "lines", "polyline").len(), 1);

    let mut points = even(60);
    for point in &mut points[20..30] {
        point.1 = f64::NAN;
    }
    let parted = svg(&picture(points));
    let document = Document::parse(&parted).unwrap();
    let paths = in_group(&document, "lines", "polyline");
    assert_eq!(paths.len(), 2);
    let (before, after) = (reach(paths[0]), reach(paths[1]));
    assert!(after.0 - before.1 > 1_000.0, "{before:?} {after:?}");
}

#[test]
fn a_gap_of_the_picture_is_hatched_and_not_bridged() {
    let points = even(60).into_iter().filter(|(at, _)| !(HOUR / 4..HOUR / 2).contains(at)).collect();
    let drawn = svg(&Picture { gaps: vec![(HOUR / 4, HOUR / 2)], ..picture(points) });
    let document = Document::parse(&drawn).unwrap();
    assert_eq!(in_group(&document, "lines", "polyline").len(), 2);
    assert!(in_group(&document, "gaps", "rect").len() >= 2);
    assert!(in_group(&document, "gaps", "polyline").len() > 10, "hatching");
    assert!(texts(&document).contains(&"no data".to_owned()));
}

#[test]
fn a_threshold_is_dashed_and_labelled_with_its_value() {
    let threshold = Threshold { value: 20.0, label: "low below".to_owned() };
    let drawn = svg(&Picture { thresholds: vec![threshold], ..picture(even(60)) });
    let document = Document::parse(&drawn).unwrap();
    let lines = in_group(&document, "thresholds", "polyline");
    assert_eq!(lines.len(), 1);
    let group = lines[0].parent().unwrap();
    assert!(group.attribute("stroke-dasharray").is_some());
    assert!(texts(&document).contains(&"low below 20%".to_owned()), "{:?}", texts(&document));
}

#[test]
fn marks_stand_at_their_time_and_only_within_the_span() {
    let mark = |at, label: &str| Mark { at, label: label.to_owned(), kind: MarkKind::Fired };
    let marks = vec![mark(HOUR / 2, "fired"), mark(HOUR * 2, "later"), mark(-1, "before")];
    let drawn = svg(&Picture { marks, ..picture(even(60)) });
    let document = Document::parse(&drawn).unwrap();
    let lines = in_group(&document, "marks", "polyline");
    assert_eq!(lines.len(), 1);
    let plot = reach(in_group(&document, "lines", "polyline")[0]);
    let at = reach(lines[0]).1;
    assert!((at - (plot.0 + 9_440.0) / 2.0).abs() < 20.0, "{at} in {plot:?}");
    assert!(texts(&document).contains(&"fired".to_owned()));
    assert!(!texts(&document).contains(&"later".to_owned()));
}

#[test]
fn texts_from_outside_are_texts() {
    let odd = "</text><script>alert(1)</script>&\"'\u{0}\u{1b}[0m\u{202e}";
    let drawn = svg(&Picture {
        title: odd.to_owned(),
        subtitle: odd.to_owned(),
        unit: Some(odd.to_owned()),
        lines: vec![
            Line { label: odd.to_owned(), points: even(9), band: None, step: true },
            Line { label: odd.to_owned(), points: even(9), band: None, step: false },
        ],
        thresholds: vec![Threshold { value: 1.0, label: odd.to_owned() }],
        marks: vec![Mark { at: 9, label: odd.to_owned(), kind: MarkKind::Other }],
        ..picture(Vec::new())
    });
    let document = Document::parse(&drawn).unwrap();
    assert!(!document.descendants().any(|node| node.tag_name().name() == "script"));
    assert!(texts(&document).iter().any(|text| text.contains("</text><script>")));
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let first = root.first_element_child().unwrap();
    assert_eq!(first.tag_name().name(), "title");
    assert!(first.text().unwrap().contains("<script>"));
    assert!(!drawn.contains('\u{202e}') && !drawn.contains('\u{1b}'));
    for word in ["href", "url(", "<style", "<image", "onload"] {
        assert!(!drawn.contains(word), "{word}");
    }
}

#[test]
fn a_description_tells_what_is_drawn() {
    let drawn = svg(&Picture {
        gaps: vec![(HOUR / 4, HOUR / 2)],
        thresholds: vec![Threshold { value: 20.0, label: "low below".to_owned() }],
        ..picture(even(60))
    });
    let document = Document::parse(&drawn).unwrap();
    let description = document.descendants().find(|node| node.tag_name().name() == "desc").unwrap();
    assert_eq!(
        description.text().unwrap(),
        "Line chart, 1 Jan 1970, 00:00 – 01:00, UTC. level: from 50% to 89%, last 69%. Threshold low below 20%. \
         No data: 1 Jan 1970, 00:15 – 00:30 (15 min)."
    );
}

#[test]
fn nothing_to_draw_says_so() {
    for points in [Vec::new(), vec![(5, f64::NAN)], vec![(5, f64::INFINITY)], vec![(-9 * HOUR, 4.0)]] {
        let drawn = svg(&picture(points));
        let document = Document::parse(&drawn).unwrap();
        assert!(texts(&document).contains(&"No samples in this span".to_owned()));
        assert!(in_group(&document, "lines", "polyline").is_empty());
    }
}

#[test]
fn one_sample_is_a_dot_at_its_place() {
    let drawn = svg(&picture(vec![(HOUR / 2, 40.0)]));
    let document = Document::parse(&drawn).unwrap();
    assert_eq!(in_group(&document, "lines", "circle").len(), 1);
    let alone = svg(&Picture { from: 7, to: 7, ..picture(vec![(7, 40.0)]) });
    assert_eq!(in_group(&Document::parse(&alone).unwrap(), "lines", "circle").len(), 1);
}

#[test]
fn a_hundred_thousand_samples_are_two_a_pixel() {
    let drawn = svg(&picture((0..100_000).map(|n| (n * 36, (n % 97) as f64)).collect()));
    let document = Document::parse(&drawn).unwrap();
    let points = in_group(&document, "lines", "polyline")[0].attribute("points").unwrap().split_whitespace().count();
    assert!((1_000..=1_930).contains(&points), "{points}");
    assert!(drawn.len() < 80_000, "{}", drawn.len());
}

#[test]
fn a_png_has_its_size_its_ground_and_its_line() {
    for (theme, ground, line) in
        [(Theme::Light, [255, 255, 255], [0x00, 0x72, 0xb2]), (Theme::Dark, [0x12, 0x15, 0x1a], [0x56, 0xb4, 0xe9])]
    {
        let bytes = chart::png(&Picture { theme, width: 480, height: 240, ..picture(even(60)) }).unwrap();
        let (width, height, pixels) = pixels(&bytes);
        assert_eq!((width, height), (480, 240));
        assert_eq!(pixels[0], ground);
        assert_eq!(pixels.last(), Some(&ground));
        assert!(pixels.iter().filter(|pixel| **pixel == line).count() > 100, "{theme:?}");
    }
}

#[test]
fn a_dense_png_has_more_pixels_and_never_too_many() {
    let small = Picture { width: 300, height: 160, ..picture(even(60)) };
    let sides = |density| {
        let (width, height, _) = pixels(&chart::png_at(&small, density).unwrap());
        (width, height)
    };
    assert_eq!([0, 1, 2, 4, 9].map(sides), [(300, 160), (300, 160), (600, 320), (1_200, 640), (1_200, 640)]);
    let large = Picture { width: 3_000, height: 2_000, ..small.clone() };
    assert_eq!(pixels(&chart::png_at(&large, 4).unwrap()).0, 3_000);
}

#[test]
fn sizes_are_held_to_their_bounds() {
    let small = chart::png(&Picture { width: 0, height: 0, ..picture(even(60)) }).unwrap();
    assert_eq!(pixels(&small).0, 160);
    let large = svg(&Picture { width: u32::MAX, height: u32::MAX, ..picture(even(60)) });
    assert_eq!(Document::parse(&large).unwrap().root_element().attribute("width"), Some("4096"));
}

#[test]
fn more_lines_thresholds_and_marks_than_are_drawn_are_counted_or_left() {
    let many = Picture {
        lines: (0..40).map(|n| Line { label: format!("line {n}"), points: even(9), band: None, step: false }).collect(),
        thresholds: (0..400).map(|n| Threshold { value: f64::from(n), label: String::new() }).collect(),
        marks: (0..4_000).map(|n| Mark { at: n, label: "x".to_owned(), kind: MarkKind::Fired }).collect(),
        gaps: (0..200_000).map(|n| (n * 18, n * 18 + 9)).collect(),
        height: 500,
        ..picture(Vec::new())
    };
    let drawn = svg(&many);
    let document = Document::parse(&drawn).unwrap();
    assert!(in_group(&document, "thresholds", "polyline").len() <= chart::MOST_THRESHOLDS);
    assert!(in_group(&document, "marks", "polyline").len() <= chart::MOST_MARKS);
    assert!(texts(&document).iter().any(|text| text.ends_with("28 more not drawn")), "{:?}", texts(&document));
    assert!(drawn.len() < 2_000_000, "{}", drawn.len());
}

fn time() -> impl Strategy<Value = i64> {
    prop_oneof![4 => 0..HOUR, 2 => -HOUR..3 * HOUR, 1 => any::<i64>()]
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![5 => -100.0..100.0_f64, 2 => any::<f64>(), 1 => Just(f64::NAN), 1 => Just(f64::INFINITY), 1 => Just(0.0), 1 => Just(f64::MAX)]
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[a-z ]{0,20}", 2 => any::<String>(), 1 => Just("長い題".repeat(200)), 1 => Just("W".repeat(5_000))]
}

prop_compose! {
    fn line()(
        label in words(),
        points in prop::collection::vec((time(), value()), 0..60),
        band in prop::option::of(prop::collection::vec((time(), value(), value()), 0..30)),
        step in any::<bool>(),
    ) -> Line {
        Line { label, points, band, step }
    }
}

fn zone() -> impl Strategy<Value = TimeZone> {
    let fixed = (-93_599..93_600).prop_map(|seconds| TimeZone::fixed(Offset::from_seconds(seconds).unwrap()));
    prop_oneof![fixed, Just(TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap())]
}

prop_compose! {
    fn anything()(
        texts in (words(), words(), prop::option::of(words())),
        span in (time(), time()),
        lines in prop::collection::vec(line(), 0..4),
        thresholds in prop::collection::vec((value(), words()), 0..4),
        gaps in prop::collection::vec((time(), time()), 0..5),
        marks in prop::collection::vec((time(), words(), 0..4_usize), 0..5),
        size in (prop_oneof![0..700_u32, Just(0), Just(700)], 0..400_u32),
        dark in any::<bool>(),
        zone in zone(),
    ) -> Picture {
        let kinds = [MarkKind::Fired, MarkKind::Acknowledged, MarkKind::Resolved, MarkKind::Other];
        Picture {
            title: texts.0,
            subtitle: texts.1,
            unit: texts.2,
            from: span.0,
            to: span.1,
            lines,
            thresholds: thresholds.into_iter().map(|(value, label)| Threshold { value, label }).collect(),
            gaps,
            marks: marks.into_iter().map(|(at, label, kind)| Mark { at, label, kind: kinds[kind] }).collect(),
            theme: if dark { Theme::Dark } else { Theme::Light },
            width: size.0,
            height: size.1,
            zone,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_picture_is_well_formed_and_within_its_edges(picture in anything()) {
        let drawn = svg(&picture);
        let document = Document::parse(&drawn).unwrap();
        let root = document.root_element();
        let side = |name| root.attribute(name).unwrap().parse::<f64>().unwrap() * 10.0;
        let (width, height) = (side("width"), side("height"));
        for path in root.descendants().filter(|node| node.tag_name().name() == "polyline" || node.tag_name().name() == "polygon") {
            for point in path.attribute("points").unwrap().split_whitespace() {
                let (x, y) = point.split_once(',').unwrap();
                let (x, y): (f64, f64) = (x.parse().unwrap(), y.parse().unwrap());
                prop_assert!((-60.0..=width + 60.0).contains(&x) && (-60.0..=height + 60.0).contains(&y), "{x},{y} of {width},{height}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_picture_is_a_png(picture in anything()) {
        let (width, height, _) = pixels(&chart::png(&picture).unwrap());
        prop_assert_eq!((width, height), (picture.width.max(160), picture.height.max(96)));
    }
}
