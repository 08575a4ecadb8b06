//! The table that is printed.

use std::fmt;

/// Measured figures beside their budgets.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<[String; 4]>,
}

impl Table {
    /// Adds a figure that has a budget.
    pub fn budget(&mut self, what: &str, figure: String, budget: &str, within: bool) {
        let verdict = if within { "ok" } else { "OVER" };
        self.rows.push([what.into(), figure, budget.into(), verdict.into()]);
    }

    /// Adds a figure for comparison.
    pub fn note(&mut self, what: &str, figure: String) {
        self.rows.push([what.into(), figure, String::new(), String::new()]);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["what", "measured", "budget", ""].map(str::to_owned);
        let width =
            |column: usize| self.rows.iter().chain([&head]).map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths = [width(0), width(1), width(2)];
        for row in [&head].into_iter().chain(&self.rows) {
            let [a, b, c] = widths;
            writeln!(f, "{:<a$}  {:>b$}  {:<c$}  {}", row[0], row[1], row[2], row[3])?;
        }
        Ok(())
    }
}
