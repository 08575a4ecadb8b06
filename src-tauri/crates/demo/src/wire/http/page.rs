//! Pages of a list.

use super::Request;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) offset: usize,
    pub(crate) limit: usize,
    repeats: bool,
}

/// A part of a list.
#[derive(Debug, PartialEq)]
pub(crate) struct Part<T> {
    pub(crate) items: Vec<T>,
    /// The length of the whole list as the pages show it.
    pub(crate) total: usize,
    pub(crate) more: bool,
}

impl Page {
    /// Reads `limit` and `offset`; what is missing or no number is the default, and what is too much is the most.
    pub(crate) fn by_offset(request: &Request<'_>, default: usize, most: usize) -> Page {
        let offset = number(request, "offset").unwrap_or(0);
        Page { offset, limit: limit(request, default, most), repeats: request.repeats }
    }

    /// A page of a request that says in its body where it begins and how long it is.
    pub(crate) fn at(offset: usize, limit: usize, request: &Request<'_>) -> Page {
        Page { offset, limit: limit.max(1), repeats: request.repeats }
    }

    /// Reads `limit` and `page`, which counts from 1.
    pub(crate) fn by_number(request: &Request<'_>, default: usize, most: usize) -> Page {
        let limit = limit(request, default, most);
        let before = number(request, "page").unwrap_or(1).saturating_sub(1);
        Page { offset: before.saturating_mul(limit), limit, repeats: request.repeats }
    }

    /// The number of the page, from 1 on.
    pub(crate) fn number(&self) -> usize {
        self.offset / self.limit + 1
    }

    /// Takes the page out of the whole list. A page that repeats begins half a page early, and the list seems that much
    /// longer: a client that goes on to the end still gets every item.
    pub(crate) fn of<T>(&self, all: Vec<T>) -> Part<T> {
        let half = if self.repeats && all.len() > self.limit { self.limit.div_ceil(2) } else { 0 };
        let begin = self.offset - half.min(self.offset);
        let total = all.len();
        let items: Vec<T> = all.into_iter().skip(begin).take(self.limit).collect();
        Part { more: begin.saturating_add(items.len()) < total && !items.is_empty(), items, total: total + half }
    }
}

fn limit(request: &Request<'_>, default: usize, most: usize) -> usize {
    number(request, "limit").unwrap_or(default).clamp(1, most)
}

fn number(request: &Request<'_>, name: &str) -> Option<usize> {
    request.parameter(name)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Follows the pages as a client does, by the sign that there are more of them.
    fn pages(length: usize, limit: usize, repeats: bool, ends: impl Fn(&Part<usize>, usize) -> bool) -> Vec<usize> {
        let mut seen = Vec::new();
        let mut offset = 0;
        loop {
            let part = Page { offset, limit, repeats }.of((0..length).collect());
            offset += part.items.len();
            seen.extend(&part.items);
            if ends(&part, offset) {
                return seen;
            }
        }
    }

    #[test]
    fn every_way_to_follow_pages_comes_to_the_end() {
        for length in [0, 1, 5, 9, 10, 11, 25, 30] {
            for repeats in [false, true] {
                let ways = [
                    pages(length, 10, repeats, |part, _| !part.more),
                    pages(length, 10, repeats, |part, _| part.items.len() < 10),
                    pages(length, 10, repeats, |part, offset| offset >= part.total),
                ];
                for mut seen in ways {
                    assert_eq!(repeats && length > 10, seen.len() > length, "{length}: {seen:?}");
                    seen.sort_unstable();
                    seen.dedup();
                    assert_eq!(seen, (0..length).collect::<Vec<_>>(), "{length}, {repeats}");
                }
            }
        }
    }
}
