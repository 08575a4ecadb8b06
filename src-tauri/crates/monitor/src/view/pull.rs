//! One pull: the picture of what the page shows, and what changed of it since the frame that the page has.

use super::build::alert_counts::Alerting;
use super::build::{
    Sight, agents, alerts, connections, devices, events, hosts, in_scope, job, jobs, overview, signals,
};
use super::diff::{changed, rows, run};
use super::frame::{Frame, ScreenFrame};
use super::picture::{
    ActorPage, AgentsPage, AlertPage, AlertsPicture, Chip, ConnectionsPicture, DefinitionPage, DevicePage,
    DevicesPicture, EventsPicture, HostsPicture, JobPage, JobsPage, LiveQueryPicture, OverviewPicture, Rail, RulesPage,
    SignalsPage,
};
use super::{ScreenSpec, ViewSpec};
use crate::host::Announcements;
use crate::monitor::Monitor;

/// Views that are kept; a window has one.
const VIEWS: usize = 16;

/// What was last sent to one window.
#[derive(Default)]
pub struct View {
    number: u32,
    sent: Option<Picture>,
}

/// All that a frame may tell, whole.
#[derive(PartialEq)]
struct Picture {
    rail: Rail,
    chips: Vec<Chip>,
    screen: Screen,
}

/// A screen's content, whole.
#[derive(PartialEq)]
enum Screen {
    Overview(Box<OverviewPicture>),
    Alerts(Box<AlertsPicture>),
    Alert(Option<Box<AlertPage>>),
    Rules(Box<RulesPage>),
    Devices(DevicesPicture),
    Device(Option<Box<DevicePage>>),
    Jobs(Box<JobsPage>),
    Job(Option<Box<JobPage>>),
    Definition(Option<Box<DefinitionPage>>),
    Actor(Option<Box<ActorPage>>),
    LiveQuery(Option<Box<LiveQueryPicture>>),
    Agents(Box<AgentsPage>),
    Hosts(Box<HostsPicture>),
    Signals(Box<SignalsPage>),
    Events(EventsPicture),
    Connections(ConnectionsPicture),
    Nothing,
}

impl Monitor {
    /// What changed of the view that `window` shows since the frame it has.
    pub fn pull(&self, window: &str, spec: &ViewSpec) -> Frame {
        self.inner.looked.note(self.now());
        let picture = self.picture(spec);
        let now = self.now().millis();
        let Announcements { told, taken_back } = self.inner.alarm.announcements();
        let mut views = self.inner.views.lock();
        if views.len() >= VIEWS && !views.contains_key(window) {
            views.clear();
        }
        let view = views.entry(window.to_owned()).or_default();
        let sent = view.sent.take().filter(|_| spec.have != 0 && spec.have == view.number);
        view.number = view.number.checked_add(1).unwrap_or(1);
        let frame = Frame {
            number: view.number,
            whole: sent.is_none(),
            now,
            rail: changed(sent.as_ref().map(|sent| &sent.rail), &picture.rail),
            chips: changed(sent.as_ref().map(|sent| &sent.chips), &picture.chips),
            go: self.inner.wish.lock().take(),
            announced: told,
            taken_back,
            screen: difference(sent.as_ref().map(|sent| &sent.screen), &picture.screen),
        };
        view.sent = Some(picture);
        frame
    }

    /// The whole of what a view would show, once: no later frame is compared with it.
    pub fn look(&self, spec: &ViewSpec) -> Frame {
        let Picture { rail, chips, screen } = self.picture(spec);
        let now = self.now().millis();
        let screen = difference(None, &screen);
        let (rail, chips) = (Some(rail), Some(chips));
        let (announced, taken_back) = (Vec::new(), Vec::new());
        Frame { number: 0, whole: true, now, rail, chips, go: None, announced, taken_back, screen }
    }

    fn picture(&self, spec: &ViewSpec) -> Picture {
        let all = self.connections();
        let now = self.now();
        let everywhere = Sight { now, connections: &all };
        let mut rail = overview::rail(&everywhere);
        let chips = connections::chips(&everywhere);
        let scoped = in_scope(&spec.scope, all.clone());
        let sight = Sight { now, connections: &scoped };
        let on_overview = matches!(spec.screen, ScreenSpec::Overview).then_some(&sight);
        let alerting = self.alerting(&mut rail, on_overview);
        Picture { rail, chips, screen: self.screen(spec, &sight, alerting) }
    }

    fn screen(&self, spec: &ViewSpec, sight: &Sight<'_>, alerting: Alerting) -> Screen {
        match &spec.screen {
            ScreenSpec::Overview => Screen::Overview(Box::new(overview::page(self, sight, spec.past, alerting))),
            ScreenSpec::Alerts { filter, grouped, unfolded, offset, limit } => {
                let asked = alerts::Asked { filter, grouped: *grouped, unfolded, offset: *offset, limit: *limit };
                Screen::Alerts(Box::new(self.alerts_picture(&spec.scope, spec.past, asked)))
            }
            ScreenSpec::Alert { id } => Screen::Alert(self.alert_page(id).map(Box::new)),
            ScreenSpec::Rules => Screen::Rules(Box::new(self.rules_page())),
            ScreenSpec::Devices { table, columns } => Screen::Devices(devices::devices(sight, table, columns)),
            ScreenSpec::Device { connection, id } => {
                Screen::Device(self.watched(connection).ok().and_then(|watched| {
                    let mut page = devices::page(&watched, id)?;
                    self.limit_fields(&watched, &mut page);
                    if let Some(span) = spec.past {
                        page.locks = self.past_locks(span, &watched, id);
                    }
                    Some(Box::new(page))
                }))
            }
            ScreenSpec::Jobs { actors } => {
                let mut page = jobs::page(sight, actors);
                self.limit_statistics(sight, &mut page.definitions);
                self.alert_definitions(page.definitions.iter_mut());
                if let Some(span) = spec.past {
                    page.failures = self.past_failures(span, sight);
                    (page.finished, page.finished_from) = self.past_ended(span, sight);
                }
                Screen::Jobs(Box::new(page))
            }
            ScreenSpec::Job { connection, id } => {
                let mut page = self.watched(connection).ok().and_then(|watched| job::page(&watched, id, sight.now));
                let story = page.as_mut().and_then(|page| page.story.as_mut());
                self.alert_definitions(story.map(|story| &mut story.definition).into_iter());
                Screen::Job(page.map(Box::new))
            }
            ScreenSpec::Definition { connection, id } => {
                let mut page =
                    self.watched(connection).ok().and_then(|watched| job::definition(&watched, id, sight.now));
                if let Some(page) = &mut page {
                    self.limit_statistics(sight, std::slice::from_mut(&mut page.definition));
                    self.alert_definitions(std::iter::once(&mut page.definition));
                }
                Screen::Definition(page.map(Box::new))
            }
            ScreenSpec::Actor { connection, id } => {
                Screen::Actor(self.watched(connection).ok().and_then(|watched| job::actor(&watched, id)).map(Box::new))
            }
            ScreenSpec::LiveQuery { connection, id, table } => {
                let watched = self.watched(connection).ok();
                Screen::LiveQuery(watched.and_then(|watched| jobs::live_query(&watched, id, table)).map(Box::new))
            }
            ScreenSpec::Agents { channel, find } => {
                Screen::Agents(Box::new(agents::page(sight, channel.as_deref(), find)))
            }
            ScreenSpec::Hosts { table, run } => {
                Screen::Hosts(Box::new(hosts::page(sight, table, run.as_ref(), &self.inner.ordered)))
            }
            ScreenSpec::Signals { stream, min_severity, limit } => {
                Screen::Signals(Box::new(signals::page(sight, stream.as_deref(), *min_severity, *limit)))
            }
            ScreenSpec::Events { filter, until, offset, limit } => {
                let asked = events::Asked { filter, until: *until, offset: *offset, limit: *limit };
                Screen::Events(match spec.past {
                    Some(span) => self.past_events(span, sight, asked),
                    None => events::page(sight, asked),
                })
            }
            ScreenSpec::Connections { open } => {
                Screen::Connections(connections::page(sight, open.as_deref(), self.removed()))
            }
            ScreenSpec::Nothing => Screen::Nothing,
        }
    }
}

/// What changed of a screen; of another screen than before everything is told.
fn difference(old: Option<&Screen>, new: &Screen) -> ScreenFrame {
    /// The old content, where the old screen is the same one.
    macro_rules! was {
        ($screen:ident) => {
            match old {
                Some(Screen::$screen(old)) => Some(old),
                _ => None,
            }
        };
    }
    match new {
        Screen::Overview(new) => {
            let old = was!(Overview);
            ScreenFrame::Overview {
                tiles: changed(old.map(|old| &old.tiles), &new.tiles).map(Box::new),
                attention: changed(old.map(|old| &old.attention), &new.attention),
                latest: rows(old.map(|old| &old.latest), &new.latest),
                away: new.away.clone().map(Box::new),
            }
        }
        Screen::Alerts(new) => {
            let old = was!(Alerts);
            ScreenFrame::Alerts {
                alerts: rows(old.map(|old| &old.alerts), &new.alerts),
                groups: changed(old.map(|old| &old.groups), &new.groups),
                counts: changed(old.map(|old| &old.counts), &new.counts),
                silences: changed(old.map(|old| &old.silences), &new.silences),
                rules: changed(old.map(|old| &old.rules), &new.rules),
                problem: new.problem.clone(),
            }
        }
        Screen::Alert(new) => ScreenFrame::Alert { found: new.is_some(), page: changed(was!(Alert), new).flatten() },
        Screen::Rules(new) => ScreenFrame::Rules { page: changed(was!(Rules), new) },
        Screen::Devices(new) => {
            let old = was!(Devices);
            ScreenFrame::Devices {
                devices: rows(old.map(|old| &old.devices), &new.devices),
                fields: changed(old.map(|old| &old.fields), &new.fields),
            }
        }
        Screen::Device(new) => ScreenFrame::Device { found: new.is_some(), page: changed(was!(Device), new).flatten() },
        Screen::Jobs(new) => ScreenFrame::Jobs { page: changed(was!(Jobs), new) },
        Screen::Job(new) => ScreenFrame::Job { found: new.is_some(), page: changed(was!(Job), new).flatten() },
        Screen::Definition(new) => {
            ScreenFrame::Definition { found: new.is_some(), page: changed(was!(Definition), new).flatten() }
        }
        Screen::Actor(new) => ScreenFrame::Actor { found: new.is_some(), page: changed(was!(Actor), new).flatten() },
        Screen::LiveQuery(new) => {
            let old = was!(LiveQuery).and_then(Option::as_ref);
            let empty = LiveQueryPicture { query: None, columns: Vec::new(), nodes: super::picture::Rows::default() };
            let shown = new.as_deref().unwrap_or(&empty);
            ScreenFrame::LiveQuery {
                found: new.is_some(),
                query: changed(old.map(|old| &old.query), &shown.query).flatten(),
                columns: changed(old.map(|old| &old.columns), &shown.columns),
                nodes: rows(old.map(|old| &old.nodes), &shown.nodes),
            }
        }
        Screen::Agents(new) => ScreenFrame::Agents { page: changed(was!(Agents), new) },
        Screen::Hosts(new) => {
            let old = was!(Hosts);
            ScreenFrame::Hosts {
                hosts: rows(old.map(|old| &old.hosts), &new.hosts),
                runs: changed(old.map(|old| &old.runs), &new.runs),
                orgs: changed(old.map(|old| &old.orgs), &new.orgs),
                run: new.run.as_ref().map(|new| Box::new(run(old.and_then(|old| old.run.as_ref()), new))),
            }
        }
        Screen::Signals(new) => ScreenFrame::Signals { page: changed(was!(Signals), new) },
        Screen::Events(new) => ScreenFrame::Events {
            events: rows(was!(Events).map(|old| &old.events), &new.events),
            newer: new.newer,
            forgotten: new.forgotten,
            more: new.more,
            recorded: new.recorded.clone(),
            problem: new.problem.clone(),
        },
        Screen::Connections(new) => {
            let old = was!(Connections);
            ScreenFrame::Connections {
                cards: changed(old.map(|old| &old.cards), &new.cards),
                detail: changed(old.map(|old| &old.detail), &new.detail).flatten().map(Box::new),
                removed: changed(old.map(|old| &old.removed), &new.removed),
            }
        }
        Screen::Nothing => ScreenFrame::Nothing,
    }
}
