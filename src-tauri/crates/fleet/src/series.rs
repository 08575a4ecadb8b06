//! Numbers over time: a bounded ring of short buckets and one of longer ones, with gaps kept apart.

use std::collections::VecDeque;

use protocol::Timestamp;

/// Short buckets kept of a series.
pub const FINE: usize = 300;
/// Long buckets kept of a series.
pub const COARSE: usize = 360;
/// Short buckets in a long one.
pub const RATIO: u32 = 10;

/// How long a short bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A second; a long bucket has ten.
    Second,
    /// A minute; a long bucket has ten.
    Minute,
}

/// Samples of one number: five minutes by the second and an hour by ten seconds when it changes each second, or the
/// same with minutes.
///
/// Samples are kept relative to the first one with seven digits, which is more than a chart shows.
#[derive(Debug, Default)]
pub struct Series {
    base: f64,
    /// The newest short bucket; its slot is [`DENIED`] when there is no history.
    open: Bucket,
    rings: Option<Box<Rings>>,
}

/// The slot of a series that keeps no history: no sample is newer, so that none is taken.
const DENIED: u32 = u32::MAX;

/// A series read out in columns of one length. NaN in the values is a gap: no line is to be drawn over it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Columns {
    /// Seconds since 1970.
    pub times: Vec<f64>,
    /// The last value of each bucket.
    pub values: Vec<f64>,
    /// The least value of each bucket.
    pub min: Vec<f64>,
    /// The greatest value of each bucket.
    pub max: Vec<f64>,
}

/// Bytes that series may take. A series is let in when its full size fits, so that those that are kept are kept whole.
#[derive(Debug, Clone, Copy)]
pub struct SeriesBudget {
    limit: usize,
    used: usize,
    denied: u64,
}

/// Spans in which nothing could be heard.
#[derive(Debug, Default)]
pub struct Gaps {
    spans: VecDeque<(Timestamp, Option<Timestamp>)>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Bucket {
    /// Time over width; 0 marks a bucket without a sample.
    slot: u32,
    last: f32,
    min: f32,
    max: f32,
}

/// What the short buckets of a span hold together: of each its last value counts once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// The smallest value.
    pub min: f64,
    /// The greatest value.
    pub max: f64,
    /// The sum of each bucket's last value.
    pub sum: f64,
    /// How many buckets had one.
    pub count: u32,
}

#[derive(Debug, Default)]
struct Rings {
    fine: VecDeque<Bucket>,
    coarse: VecDeque<Bucket>,
    open_coarse: Bucket,
    /// Whether its room is out of the budget for what is looked at.
    lent: bool,
}

/// What a series takes once it is full.
pub const FULL_BYTES: usize = size_of::<Rings>() + (FINE + COARSE) * size_of::<Bucket>();

impl Unit {
    /// The width of a short bucket in milliseconds.
    pub const fn millis(self) -> i64 {
        match self {
            Unit::Second => 1_000,
            Unit::Minute => 60_000,
        }
    }

    /// The short bucket that a time falls into.
    pub fn slot(self, at: Timestamp) -> u32 {
        let slot = match self {
            Unit::Second => at.millis() / 1_000,
            Unit::Minute => at.millis() / 60_000,
        };
        u32::try_from(slot).unwrap_or(if slot < 0 { 0 } else { u32::MAX }).clamp(1, DENIED - 1)
    }
}

impl Series {
    /// Adds a sample to the bucket of its time. A late one goes into its bucket if that is still kept.
    #[inline]
    pub(crate) fn push(&mut self, value: f64, slot: u32, budget: &mut SeriesBudget) {
        if self.open.slot == 0 {
            if value.is_finite() {
                self.base = value;
                self.open = Bucket { slot, ..Bucket::default() };
            }
            return;
        }
        let offset = narrow(value - self.base);
        if !offset.is_finite() {
            return;
        }
        if slot == self.open.slot {
            self.open.merge(offset);
            self.open.last = offset;
        } else if slot > self.open.slot {
            let done = std::mem::replace(&mut self.open, Bucket::of(slot, offset));
            if let Some(rings) = self.rings(budget) {
                rings.close(done);
            }
        } else if let Some(rings) = self.rings(budget) {
            rings.late(Bucket::of(slot, offset));
        }
    }

    /// Sets the newest bucket to one value whatever it held, for counts that grow until their time is over.
    pub(crate) fn set(&mut self, value: f64, slot: u32, budget: &mut SeriesBudget) {
        if slot == self.open.slot {
            self.open = Bucket::of(slot, narrow(value - self.base));
        } else {
            self.push(value, slot, budget);
        }
    }

    /// Changes the value of a short bucket that is kept, where that was thought to be another.
    pub(crate) fn amend(&mut self, slot: u32, change: impl FnOnce(f64) -> f64) {
        let fine = self.rings.iter_mut().flat_map(|rings| rings.fine.iter_mut().rev());
        let bucket = std::iter::once(&mut self.open).chain(fine).find(|bucket| bucket.slot == slot);
        if let Some(bucket) = bucket {
            *bucket = Bucket::of(slot, narrow(change(self.base + f64::from(bucket.last)) - self.base));
        }
    }

    /// The newest value; `None` before the first, and for a series without history.
    pub fn last(&self) -> Option<f64> {
        self.has_open().then(|| self.wide(self.open.last))
    }

    /// Whether it keeps no history, because the budget was spent.
    pub fn is_denied(&self) -> bool {
        self.open.slot == DENIED
    }

    /// Gives a series that was denied room out of another budget.
    pub(crate) fn lend(&mut self, budget: &mut SeriesBudget) -> bool {
        if !budget.take() {
            return false;
        }
        self.open = Bucket::default();
        self.rings = Some(Box::new(Rings { lent: true, ..Rings::default() }));
        true
    }

    /// Takes back what was lent: the series keeps no history from here on.
    pub(crate) fn withdraw(&mut self, budget: &mut SeriesBudget) {
        if self.rings.as_ref().is_some_and(|rings| rings.lent) {
            self.release(budget);
            self.open = Bucket { slot: DENIED, ..Bucket::default() };
        }
    }

    /// Gives up what is kept but for the last value.
    pub(crate) fn release(&mut self, budget: &mut SeriesBudget) {
        if self.rings.take().is_some() {
            budget.used = budget.used.saturating_sub(FULL_BYTES);
        }
    }

    /// Reads from `from` to `to`, both included, in at most `points` rows; rows for gaps are among them.
    pub fn read(&self, unit: Unit, from: Timestamp, to: Timestamp, points: usize, gaps: &Gaps) -> Columns {
        let width = unit.millis();
        let spans: Vec<_> = gaps.between(from, to).collect();
        // A gap takes a row of its own and may part a bin in two.
        let bins = Bins::new(from, to, width, points.saturating_sub(2 * spans.len()));
        let mut columns = Columns::default();
        let mut spans = spans.into_iter().peekable();
        let mut last_bin = None;
        for (time, bucket) in self.buckets(width) {
            if time + width <= from.millis() || time > to.millis() {
                continue;
            }
            let mut broken = false;
            while let Some(&(gap, _)) = spans.peek()
                && gap.millis() < time
            {
                spans.next();
                columns.gap(gap);
                broken = true;
            }
            let (last, min, max) = (self.wide(bucket.last), self.wide(bucket.min), self.wide(bucket.max));
            let (this_bin, begin) = bins.of(time);
            if last_bin == Some(this_bin) && !broken {
                columns.merge(last, min, max);
            } else {
                columns.row(if broken { time } else { begin }, last, min, max);
                last_bin = Some(this_bin);
            }
        }
        for (gap, _) in spans {
            columns.gap(gap);
        }
        columns
    }

    /// What `slots` short buckets from the one numbered `from` on hold together, as far as they are kept; `None` where there is
    /// nothing. For writing a series down as it grows.
    pub fn sample(&self, from: u32, slots: u32) -> Option<Sample> {
        let to = from.saturating_add(slots);
        let fine = self.rings.iter().flat_map(|rings| rings.fine.iter().rev());
        let open = self.has_open().then_some(&self.open);
        let mut sample: Option<Sample> = None;
        for bucket in open.into_iter().chain(fine).skip_while(|bucket| bucket.slot >= to) {
            if bucket.slot < from {
                break;
            }
            let (last, min, max) = (self.wide(bucket.last), self.wide(bucket.min), self.wide(bucket.max));
            let sum = sample.get_or_insert(Sample { min, max, sum: 0.0, count: 0 });
            *sum = Sample { min: sum.min.min(min), max: sum.max.max(max), sum: sum.sum + last, count: sum.count + 1 };
        }
        sample
    }

    /// Start and bucket, oldest first.
    fn buckets(&self, width: i64) -> impl Iterator<Item = (i64, Bucket)> + '_ {
        let rings = self.rings.as_deref();
        let fine_begins = rings.and_then(|rings| rings.fine.front()).map_or(u32::MAX, |bucket| bucket.slot);
        let older = rings.filter(|rings| rings.fine.len() >= FINE).into_iter().flat_map(move |rings| {
            rings
                .coarse
                .iter()
                .chain([&rings.open_coarse])
                .filter(move |bucket| bucket.slot != 0 && bucket.slot.saturating_mul(RATIO) < fine_begins)
        });
        older.map(move |bucket| (i64::from(bucket.slot) * i64::from(RATIO) * width, *bucket)).chain(
            rings
                .into_iter()
                .flat_map(|rings| rings.fine.iter())
                .chain((self.open.slot != 0).then_some(&self.open))
                .map(move |bucket| (i64::from(bucket.slot) * width, *bucket)),
        )
    }

    fn wide(&self, offset: f32) -> f64 {
        self.base + f64::from(offset)
    }

    fn has_open(&self) -> bool {
        self.open.slot != 0 && self.open.slot != DENIED
    }

    fn rings(&mut self, budget: &mut SeriesBudget) -> Option<&mut Rings> {
        if self.rings.is_none() {
            if self.open.slot == DENIED {
                return None;
            }
            if !budget.take() {
                self.open = Bucket { slot: DENIED, ..Bucket::default() };
                return None;
            }
            self.rings = Some(Box::default());
        }
        self.rings.as_deref_mut()
    }
}

impl SeriesBudget {
    /// A budget of so many bytes.
    pub fn new(limit: usize) -> Self {
        SeriesBudget { limit, used: 0, denied: 0 }
    }

    /// Bytes that the series which were let in take once they are full.
    pub fn used(&self) -> usize {
        self.used
    }

    /// How many series were not let in.
    pub fn denied(&self) -> u64 {
        self.denied
    }

    fn take(&mut self) -> bool {
        if self.used + FULL_BYTES > self.limit {
            self.denied += 1;
            return false;
        }
        self.used += FULL_BYTES;
        true
    }
}

impl Gaps {
    const KEPT: usize = 256;

    pub(crate) fn begin(&mut self, at: Timestamp) {
        if self.spans.back().is_some_and(|(_, to)| to.is_none()) {
            return;
        }
        if self.spans.len() >= Self::KEPT {
            self.spans.pop_front();
        }
        self.spans.push_back((at, None));
    }

    pub(crate) fn end(&mut self, at: Timestamp) {
        if let Some((from, to @ None)) = self.spans.back_mut() {
            *to = Some(at.max(*from));
        }
    }

    /// Since when nothing is heard, while that is so.
    pub fn open(&self) -> Option<Timestamp> {
        self.spans.back().filter(|(_, to)| to.is_none()).map(|(from, _)| *from)
    }

    /// The gaps that touch a span, oldest first; one that has not ended has no end.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = (Timestamp, Option<Timestamp>)> + '_ {
        self.spans
            .iter()
            .copied()
            .filter(move |(begin, end)| *begin <= to && end.is_none_or(|end| end >= from))
            .map(move |(begin, end)| (begin.max(from), end))
    }
}

/// Which short buckets make one row.
struct Bins {
    width: i64,
    origin: i64,
}

impl Bins {
    fn new(from: Timestamp, to: Timestamp, width: i64, rows: usize) -> Self {
        let span = to.millis().saturating_sub(from.millis()).max(0).saturating_add(width);
        let buckets = span.div_euclid(width) + i64::from(span % width > 0);
        match i64::try_from(rows).unwrap_or(i64::MAX) {
            rows if buckets <= rows => Bins { width, origin: 0 },
            // All in one.
            0 | 1 => Bins { width: span.saturating_mul(2), origin: from.millis().saturating_sub(width) },
            // Bins begin at multiples of their width, so that a moving window does not shift what falls into which; the
            // first and the last may be there in part.
            rows => {
                Bins { width: (buckets - 1).div_euclid(rows - 1).saturating_add(1).saturating_mul(width), origin: 0 }
            }
        }
    }

    /// The number and the beginning of the bin that a time falls into.
    fn of(&self, time: i64) -> (i64, i64) {
        let number = time.saturating_sub(self.origin).div_euclid(self.width);
        (number, number.saturating_mul(self.width).saturating_add(self.origin))
    }
}

impl Columns {
    fn row(&mut self, millis: i64, last: f64, min: f64, max: f64) {
        self.times.push(millis as f64 / 1_000.0);
        self.values.push(last);
        self.min.push(min);
        self.max.push(max);
    }

    fn gap(&mut self, at: Timestamp) {
        self.row(at.millis(), f64::NAN, f64::NAN, f64::NAN);
    }

    fn merge(&mut self, last: f64, min: f64, max: f64) {
        if let (Some(v), Some(low), Some(high)) = (self.values.last_mut(), self.min.last_mut(), self.max.last_mut()) {
            *v = last;
            *low = low.min(min);
            *high = high.max(max);
        }
    }
}

impl Bucket {
    fn of(slot: u32, offset: f32) -> Self {
        Bucket { slot, last: offset, min: offset, max: offset }
    }

    fn merge(&mut self, offset: f32) {
        self.min = self.min.min(offset);
        self.max = self.max.max(offset);
    }
}

impl Rings {
    fn close(&mut self, done: Bucket) {
        push_bounded(&mut self.fine, done, FINE);
        let slot = done.slot / RATIO;
        if slot == self.open_coarse.slot {
            self.open_coarse.merge(done.min);
            self.open_coarse.merge(done.max);
            self.open_coarse.last = done.last;
        } else {
            let coarse = std::mem::replace(&mut self.open_coarse, Bucket { slot, ..done });
            if coarse.slot != 0 {
                push_bounded(&mut self.coarse, coarse, COARSE);
            }
        }
    }

    fn late(&mut self, sample: Bucket) {
        insert_late(&mut self.fine, sample, FINE);
        let coarse = Bucket { slot: sample.slot / RATIO, ..sample };
        if coarse.slot == self.open_coarse.slot {
            self.open_coarse.merge(sample.last);
        } else if coarse.slot < self.open_coarse.slot {
            insert_late(&mut self.coarse, coarse, COARSE);
        }
    }
}

fn push_bounded(ring: &mut VecDeque<Bucket>, bucket: Bucket, cap: usize) {
    if ring.len() >= cap {
        ring.pop_front();
    } else {
        reserve(ring, cap);
    }
    ring.push_back(bucket);
}

/// Puts a late sample into its bucket, or makes that bucket where there is room or older ones are kept.
fn insert_late(ring: &mut VecDeque<Bucket>, sample: Bucket, cap: usize) {
    let position = ring.partition_point(|bucket| bucket.slot < sample.slot);
    if let Some(bucket) = ring.get_mut(position)
        && bucket.slot == sample.slot
    {
        bucket.merge(sample.last);
    } else if ring.len() < cap {
        reserve(ring, cap);
        ring.insert(position, sample);
    } else if position > 0 {
        ring.pop_front();
        ring.insert(position - 1, sample);
    }
}

/// Makes room for one more by doubling, never beyond the cap.
fn reserve(ring: &mut VecDeque<Bucket>, cap: usize) {
    if ring.len() == ring.capacity() {
        ring.reserve_exact(ring.capacity().max(4).min(cap - ring.len()));
    }
}

#[expect(clippy::cast_possible_truncation, reason = "seven digits are what a bucket keeps")]
fn narrow(value: f64) -> f32 {
    let narrow = value as f32;
    if narrow.is_infinite() && value.is_finite() { f32::MAX.copysign(narrow) } else { narrow }
}

#[cfg(test)]
mod tests;
