//! Posts by channel, with their replies, edits and deletions.

use std::collections::VecDeque;

use compact_str::CompactString;
use protocol::{Text, Timestamp};

use crate::agents::set;
use crate::applied::{Applied, supersedes};
use crate::bounds::Bounds;
use crate::counters::{Cause, Counters};
use crate::devices::Heard;
use crate::table::{Row, Table};

/// The posts of a connection.
#[derive(Debug)]
pub struct Posts {
    channels: Table<Channel>,
    bytes: usize,
    version: u64,
    bounds: Bounds,
}

/// A channel and its last posts.
#[derive(Debug)]
pub struct Channel {
    /// `channel_id`; empty for posts that named none.
    pub id: CompactString,
    posts: VecDeque<Post>,
    heard: Timestamp,
}

/// A post.
#[derive(Debug, Clone)]
pub struct Post {
    /// `id`.
    pub id: CompactString,
    /// `author_id`.
    pub author: Option<CompactString>,
    /// `author_type`.
    pub author_type: Option<CompactString>,
    /// `type`.
    pub post_type: Option<CompactString>,
    /// `title`.
    pub title: Option<CompactString>,
    /// `content`, cut where it is longer than a text may be.
    pub content: Option<CompactString>,
    /// `parent_id`: the post that it answers.
    pub parent: Option<CompactString>,
    /// `pinned`.
    pub pinned: bool,
    /// Whether it was deleted; its text is gone then.
    pub deleted: bool,
    /// Whether it was edited.
    pub edited: bool,
    /// `created_at`, or when it came.
    pub created: Timestamp,
    /// `updated_at`, or when its last change came.
    pub updated: Timestamp,
}

impl Posts {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        Posts { channels: Table::new(bounds.channels), bytes: 0, version: 0, bounds: *bounds }
    }

    /// All channels of which a post came.
    pub fn channels(&self) -> &[Channel] {
        self.channels.rows()
    }

    /// The channel of an id.
    pub fn channel(&self, id: &str) -> Option<&Channel> {
        self.channels.get(id)
    }

    /// Grows with each change.
    pub fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn apply(
        &mut self,
        event: &protocol::event::Post<'_>,
        heard: Heard,
        counters: &mut Counters,
    ) -> Applied {
        let channel_id = event.channel.as_deref().unwrap_or("");
        if event.post.is_empty() || event.post.len() > self.bounds.id_bytes || channel_id.len() > self.bounds.id_bytes {
            counters.drop(Cause::Posts, 1);
            return Applied::Refused;
        }
        let time = event.updated_at.or(event.created_at).unwrap_or(heard.at);
        let bounds = self.bounds;
        if let Some((channel, place)) = self.find(event.channel.as_deref(), &event.post) {
            let channel = self.channels.at_mut(channel);
            let post = &mut channel.posts[place];
            if event.change == protocol::event::Change::Created && !event.deleted {
                return Applied::Duplicate;
            }
            if !supersedes(time, post.updated, heard.received) {
                return Applied::Late;
            }
            channel.heard = heard.received;
            let before = post.size();
            post.updated = time;
            post.edited |= !event.deleted;
            post.take(event, &bounds);
            self.bytes = self.bytes - before + post.size();
            self.version += 1;
            self.make_room(counters);
            return Applied::Taken;
        }
        let position = match self.channels.position("", channel_id) {
            Some(position) => position,
            None => {
                let channel = Channel { id: channel_id.into(), posts: VecDeque::new(), heard: heard.received };
                let (position, old) = self.channels.push_or_replace(channel);
                for post in old.into_iter().flat_map(|old| old.posts) {
                    self.bytes -= post.size();
                    counters.drop(Cause::Posts, 1);
                }
                position
            }
        };
        let mut post = Post {
            id: event.post.as_str().into(),
            author: None,
            author_type: None,
            post_type: None,
            title: None,
            content: None,
            parent: None,
            pinned: false,
            deleted: false,
            edited: event.change == protocol::event::Change::Updated && !event.deleted,
            created: event.created_at.unwrap_or(heard.at),
            updated: time,
        };
        post.take(event, &bounds);
        self.bytes += post.size();
        self.version += 1;
        let channel = self.channels.at_mut(position);
        channel.heard = heard.received;
        let place = channel.posts.partition_point(|known| known.created <= post.created);
        channel.posts.insert(place, post);
        if channel.posts.len() > bounds.posts_per_channel.max(1)
            && let Some(old) = channel.posts.pop_front()
        {
            self.bytes -= old.size();
            counters.drop(Cause::Posts, 1);
        }
        self.make_room(counters);
        Applied::Taken
    }

    /// Where a post is: in its channel, or when the event names none in any.
    fn find(&self, channel: Option<&str>, id: &str) -> Option<(usize, usize)> {
        let place = |position: usize| {
            let posts = &self.channels.at(position)?.posts;
            posts.iter().rposition(|post| post.id == id).map(|place| (position, place))
        };
        match channel {
            Some(channel) => place(self.channels.position("", channel)?),
            None => (0..self.channels.len()).find_map(place),
        }
    }

    fn make_room(&mut self, counters: &mut Counters) {
        while self.bytes > self.bounds.posts_bytes {
            let longest = self.channels.rows_mut().iter_mut().max_by_key(|channel| channel.posts.len());
            let Some(post) = longest.and_then(|channel| channel.posts.pop_front()) else { return };
            self.bytes -= post.size();
            counters.drop(Cause::Posts, 1);
        }
    }
}

impl Channel {
    /// Its posts, oldest first, replies among them.
    pub fn posts(&self) -> impl DoubleEndedIterator<Item = &Post> + ExactSizeIterator {
        self.posts.iter()
    }

    /// The posts that answer one, oldest first.
    pub fn replies<'c>(&'c self, post: &'c str) -> impl Iterator<Item = &'c Post> {
        self.posts.iter().filter(move |reply| reply.parent.as_deref() == Some(post))
    }
}

impl Post {
    fn take(&mut self, event: &protocol::event::Post<'_>, bounds: &Bounds) {
        if event.deleted {
            self.deleted = true;
            self.title = None;
            self.content = None;
            return;
        }
        set(&mut self.author, event.author.as_ref(), bounds.id_bytes);
        set(&mut self.author_type, event.author_type.as_ref(), bounds.id_bytes);
        set(&mut self.post_type, event.post_type.as_ref(), bounds.id_bytes);
        set(&mut self.title, event.title.as_ref(), bounds.value_bytes);
        set(&mut self.content, event.content.as_ref(), bounds.text_bytes);
        set(&mut self.parent, event.parent.as_ref().filter(|parent: &&Text<'_>| !parent.is_empty()), bounds.id_bytes);
        self.pinned = event.pinned.unwrap_or(self.pinned);
    }

    fn size(&self) -> usize {
        let text = |text: &Option<CompactString>| text.as_ref().map_or(0, CompactString::len);
        size_of::<Post>() + text(&self.title) + text(&self.content)
    }
}

impl Row for Channel {
    fn key(&self) -> (&str, &str) {
        ("", &self.id)
    }

    fn touched(&self) -> Timestamp {
        self.heard
    }
}
