//! Compares a picture of every shared component, in every state, with the one that was accepted last, in WebKitGTK's own small
//! browser on a private desktop.
//!
//! `cargo xtask test` installs what it needs and runs it; in a plain `cargo test` only the comparison itself is tested.
//! What was accepted is in `tests/gallery/pictures`; what differs is in `target/gallery`: the picture by now, and where it differs.
//! `UPDATE_PICTURES=1 cargo test --test gallery -- --ignored` accepts what is drawn by now.

mod page;
mod picture;

#[path = "../support/mod.rs"]
mod support;

use picture::Picture;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use support::{Desktop, Element, Window, target};

/// The browser's window.
const SIZE: (u32, u32) = (1280, 860);

/// What opens over the page: its name, what is clicked or focused, and what is seen then.
const OVER: &[(&str, Act, &str)] = &[
    ("dialog-open", Act::Click("[data-testid='open-dialog']"), "[data-testid='a-dialog']"),
    ("confirm-open", Act::Click("[data-testid='open-confirm']"), "[data-testid='confirm']"),
    ("select-open", Act::Click("button[aria-label^='Narrow']"), ".select-content"),
    ("menu-open", Act::Click("[data-part='linechart-lines'] [aria-haspopup='menu']"), ".menu-content"),
    ("column-menu-open", Act::Click("[data-testid='columns-arranged']"), ".menu-content"),
    ("column-menu-more", Act::Click("[data-testid='columns-with-more']"), ".menu-content"),
    ("row-menu-open", Act::Click("[data-testid='open-row-menu']"), ".menu-content"),
    ("rows-menu-open", Act::Click("[data-testid='open-rows-menu']"), ".menu-content"),
    ("popover-open", Act::Click("[data-testid='past']"), ".popover"),
    ("button-focused", Act::Focus("[data-part='button'] button"), "[data-part='button']"),
    ("field-focused", Act::Focus("[data-part='field'] input"), "[data-part='field']"),
    ("toasts", Act::Click("[data-testid='open-toasts']"), "[aria-label='Messages']"),
];

enum Act {
    Click(&'static str),
    Focus(&'static str),
}

#[test]
#[ignore = "opens a browser: cargo xtask test"]
fn the_components_look_as_they_were_accepted() {
    let desktop = Desktop::start("gallery");
    desktop.ask_for_less_motion();
    desktop.show_no_notifications();
    let address = page::serve();
    let window = Window::open_program(&desktop, &browser(), &["--automation"], &[("TZ", "UTC")]);
    window.visit(&address);
    window.wait("the gallery", |window| {
        let ready =
            "return !!document.querySelector('[data-part^=linechart] canvas') && document.fonts.status === 'loaded'";
        (window.run(ready, &[]) == true).then_some(())
    });
    window.resize(SIZE.0, SIZE.1);
    // The hand's own pointer, which WebKit looks at as well when the page is scrolled under it.
    desktop.output("xdotool", &["mousemove", "1", "1"]);
    let ready = "const done = arguments[0]; document.fonts.ready.then(() => setTimeout(() => done(true), 1500))";
    window.run_async(ready, &[]);
    // It blinks.
    window.run("document.documentElement.style.caretColor = 'transparent'", &[]);

    let mut verdict = Verdict::default();
    for theme in ["dark", "light"] {
        window.run("document.documentElement.dataset.theme = arguments[0]", &[json!(theme)]);
        // The charts are drawn anew, a second at the most after it.
        std::thread::sleep(std::time::Duration::from_millis(1500));
        for part in parts(&window) {
            let element = window.css(&format!("[data-part='{part}']"));
            verdict.judge(theme, &part, picture_of(&window, &element));
        }
        for (name, act, selector) in OVER {
            match act {
                Act::Click(trigger) => window.click(&window.css(trigger)),
                Act::Focus(trigger) => {
                    drop(window.run("arguments[0].focus({ focusVisible: true })", &[(&window.css(trigger)).into()]))
                }
            }
            let element = window.css(selector);
            std::thread::sleep(std::time::Duration::from_millis(300));
            verdict.judge(theme, name, picture_of(&window, &element));
            close(&window);
        }
    }
    verdict.say();
}

/// The names of the parts that the page shows, each of which has a state or more of a component.
fn parts(window: &Window) -> Vec<String> {
    let names =
        window.run("return [...document.querySelectorAll('[data-part]')].map((part) => part.dataset.part)", &[]);
    let names = names.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    let names: Vec<String> = names.collect();
    assert!(names.len() > 10, "the gallery shows {names:?}");
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "two parts have one name: {names:?}");
    names
}

/// Scrolls to an element and takes a picture of it, once it is painted and stands still.
fn picture_of(window: &Window, element: &Element) -> Picture {
    // Nothing is under the pointer there, nor comes under what the browser took it for before when the page is scrolled.
    window.run("document.documentElement.style.pointerEvents = 'none'", &[]);
    window.point(2.0, 2.0);
    window.point(1.0, 1.0);
    let away = "arguments[0].scrollIntoView({ block: 'center' });
        document.querySelectorAll('.u-over').forEach((plot) => plot.dispatchEvent(new MouseEvent('mouseleave')))";
    window.run(away, &[element.into()]);
    let rectangle = "const { x, y, width, height } = arguments[0].getBoundingClientRect();
        return [x, y, Math.min(width, innerWidth - x), Math.min(height, innerHeight - y), innerHeight]";
    let colour = change_the_dot(window);
    let mut before = None;
    let picture = window.wait("a picture that is painted and stands still", |window| {
        let numbers = window.run(rectangle, &[element.into()]);
        let numbers = [0, 1, 2, 3, 4].map(|at| numbers[at].as_f64().unwrap_or(0.0).max(0.0).round() as usize);
        let [left, top, width, height, page] = numbers;
        // The page is below the browser's own bar.
        let bar = SIZE.1 as usize - page;
        let [whole_width, whole_height] = [SIZE.0, SIZE.1].map(|side| side as usize);
        let whole = Picture::of(whole_width, whole_height, &window.pixels([0, 0, whole_width, whole_height]));
        let is_painted = whole.pixels[(bar + 1) * whole_width + 1] == colour;
        let now = is_painted.then(|| whole.cut(left, bar + top, width, height));
        let is_still = now.is_some() && now == before;
        before = now;
        if is_still { before.clone() } else { None }
    });
    window.run("document.documentElement.style.pointerEvents = ''", &[]);
    picture
}

/// Gives a dot in the page's corner another colour, and answers it: once that is seen, so is all that was done before.
fn change_the_dot(window: &Window) -> [u8; 3] {
    let change = "const dot = window.dot ??= document.body.appendChild(document.createElement('div'));
        const turn = dot.dataset.turn = (Number(dot.dataset.turn ?? 0) + 1) % 4;
        const colour = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0]][turn];
        dot.style.cssText = `position: fixed; inset: 0 auto auto 0; width: 3px; height: 3px; z-index: 999; background: rgb(${colour})`;
        return colour";
    let colour = window.run(change, &[]);
    [0, 1, 2].map(|at| colour[at].as_u64().unwrap_or(0) as u8)
}

/// Closes what is open, messages too, and takes the focus away.
fn close(window: &Window) {
    const ESCAPE: char = '\u{e00c}';
    window.press(&[ESCAPE]);
    window.run(
        "document.querySelectorAll('[aria-label=\"Close the message\"]').forEach((one) => one.click());
         document.activeElement?.blur()",
        &[],
    );
    let open =
        "return !!document.querySelector('[role=dialog], [role=alertdialog], [data-bits-floating-content-wrapper]')";
    window.wait("what was opened to close", |window| (window.run(open, &[]) == false).then_some(()));
}

/// WebKitGTK's small browser, which comes with the library.
fn browser() -> String {
    let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path());
    let of = |folder: PathBuf| [folder.join("webkit2gtk-4.1/MiniBrowser"), folder];
    let libexec = PathBuf::from("/usr/libexec/webkit2gtk-4.1/MiniBrowser");
    let found = folders.flat_map(of).chain([libexec]).find(|path| path.ends_with("MiniBrowser") && path.is_file());
    let found = found.expect("WebKitGTK's MiniBrowser is not there: libwebkit2gtk-4.1-0 has it on Debian");
    found.to_str().expect("a path in UTF-8").to_owned()
}

/// What all comparisons came to.
#[derive(Default)]
struct Verdict {
    seen: BTreeSet<PathBuf>,
    wrong: Vec<String>,
}

impl Verdict {
    fn judge(&mut self, theme: &str, part: &str, now: Picture) {
        let name = Path::new(theme).join(format!("{part}.png"));
        let accepted = accepted().join(&name);
        self.seen.insert(name.clone());
        if update() {
            // What is as good as the same stays the same file.
            if !Picture::read(&accepted).is_ok_and(|before| before.differs(&now).is_none()) {
                now.write(&accepted);
            }
            return;
        }
        let place = target().join("gallery").join(theme);
        match Picture::read(&accepted) {
            Err(error) => {
                now.write(&place.join(format!("{part}.png")));
                self.wrong.push(format!("{error}: it was never accepted"));
            }
            Ok(before) => {
                if let Some(difference) = before.differs(&now) {
                    now.write(&place.join(format!("{part}.png")));
                    before.marked(&now).write(&place.join(format!("{part}-differs.png")));
                    self.wrong.push(format!("{}: {difference:?}", name.display()));
                }
            }
        }
    }

    fn say(mut self) {
        for theme in ["dark", "light"] {
            for entry in std::fs::read_dir(accepted().join(theme)).into_iter().flatten().flatten() {
                let name = Path::new(theme).join(entry.file_name());
                if self.seen.contains(&name) {
                    continue;
                }
                if update() {
                    std::fs::remove_file(entry.path()).expect("a picture can be removed");
                } else {
                    self.wrong.push(format!("{}: the gallery has no such part", name.display()));
                }
            }
        }
        println!("{} pictures compared", self.seen.len());
        let how = "What is drawn by now, and where it differs, is in target/gallery. If it is as it should be: \
                   UPDATE_PICTURES=1 cargo test --test gallery -- --ignored";
        assert!(self.wrong.is_empty(), "{} pictures differ:\n{}\n{how}", self.wrong.len(), self.wrong.join("\n"));
    }
}

fn accepted() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gallery/pictures")
}

fn update() -> bool {
    std::env::var_os("UPDATE_PICTURES").is_some_and(|value| value == "1")
}
