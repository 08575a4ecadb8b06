//! What a hand does to the window, as fast as a hand may.

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::Desktop;

/// One thing that is done again and again.
pub enum Moves {
    Rest,
    /// The map, there and back.
    Drag,
    /// The map, in and out.
    Zoom,
    /// The map, with the right and the left arrow held.
    Arrows,
    /// A table.
    Wheel,
    /// A key is held.
    Key(&'static str),
    /// To the end of a table and to its beginning.
    Ends,
}

impl Moves {
    /// Does it until so much time has gone by.
    pub fn go_on(&self, desktop: &Desktop, span: Duration) {
        let end = Instant::now() + span;
        while Instant::now() < end {
            self.once(&|hand| drop(desktop.output("xdotool", hand)));
        }
    }

    fn once(&self, hand: &dyn Fn(&[&str])) {
        match self {
            Moves::Rest => sleep(Duration::from_millis(200)),
            Moves::Drag => {
                let mut steps = vec!["mousemove", "560", "420", "mousedown", "1"];
                for (dx, dy) in [("7", "2"), ("-7", "-2")] {
                    for _ in 0..40 {
                        // Sixty steps a second.
                        steps.extend(["mousemove_relative", "--", dx, dy, "sleep", "0.016"]);
                    }
                }
                steps.extend(["mouseup", "1"]);
                hand(&steps);
            }
            Moves::Zoom => {
                for wheel in ["4", "5"] {
                    hand(&["mousemove", "560", "420", "click", "--repeat", "12", "--delay", "50", wheel]);
                }
            }
            Moves::Arrows => {
                for key in ["Right", "Left"] {
                    hand(&["key", "--repeat", "15", "--delay", "30", key]);
                }
            }
            // As often as a held key repeats, and a wheel clicks.
            Moves::Wheel => hand(&["mousemove", "700", "500", "click", "--repeat", "30", "--delay", "25", "5"]),
            Moves::Key(key) => hand(&["key", "--repeat", "30", "--delay", "30", key]),
            Moves::Ends => hand(&["key", "--delay", "250", "End", "Home"]),
        }
    }
}
