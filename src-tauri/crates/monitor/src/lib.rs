//! Ties links, fleet and store together, and answers the window.

pub mod view;
