//! The table that is printed.

use std::fmt;

/// Measured figures beside their budgets.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<[String; 5]>,
    command: String,
}

impl Table {
    /// Names the part that the rows from here on are of.
    pub fn part(&mut self, name: &str) {
        self.command = format!("cargo xtask bench window {name}");
    }

    /// Adds a figure that may be `most` at most.
    pub fn most(&mut self, what: &str, figure: f64, most: f64, unit: &str) {
        // Nothing may be lost of what has no allowance.
        let ratio = if most > 0.0 { format!("{:.2}", figure / most) } else { "—".into() };
        let verdict = if figure <= most { ratio } else { format!("{ratio} OVER") };
        self.row(what, format!("{}{unit}", short(figure)), format!("≤ {}{unit}", short(most)), verdict);
    }

    /// Adds a figure for comparison.
    pub fn note(&mut self, what: &str, figure: String) {
        self.row(what, figure, String::new(), String::new());
    }

    fn row(&mut self, what: &str, figure: String, budget: String, ratio: String) {
        eprintln!("  {what}: {figure} {budget} {ratio}");
        self.rows.push([what.into(), figure, budget, ratio, self.command.clone()]);
    }
}

/// As many decimals as can be read.
fn short(figure: f64) -> String {
    if figure.fract() == 0.0 || figure.abs() >= 100.0 { format!("{figure:.0}") } else { format!("{figure:.2}") }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["what", "measured", "budget", "ratio", "command"].map(str::to_owned);
        let width =
            |column: usize| self.rows.iter().chain([&head]).map(|row| row[column].chars().count()).max().unwrap_or(0);
        let [a, b, c, d] = [width(0), width(1), width(2), width(3)];
        for row in [&head].into_iter().chain(&self.rows) {
            writeln!(f, "{:<a$}  {:>b$}  {:<c$}  {:<d$}  {}", row[0], row[1], row[2], row[3], row[4])?;
        }
        Ok(())
    }
}
