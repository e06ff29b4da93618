//! How far an operation has come: what its next poll does, where, and under which name it is told.
//! Nothing is asked here, and where it may be asked is not known.

use std::sync::Arc;

use super::start::Start;
use super::status::Status;
use super::submit::Starting;
use crate::operation::Answer;
use crate::preset::Started;

/// The whereabouts of one operation.
#[derive(Clone)]
pub(super) struct Whereabouts {
    name: Name,
    stage: Stage,
    past: Option<Box<Past>>,
}

/// How it is told. Whoever waits for many keeps one text of each.
#[derive(Clone)]
enum Name {
    Own(Arc<str>),
    /// As what stands in the location that it is asked for at, from this byte on.
    Asked(usize),
}

/// What most operations have not behind them. Whoever waits for many keeps them small.
#[derive(Clone, Default)]
struct Past {
    started: Option<Arc<Started>>,
    /// How the place is told where it is asked for, since a server has moved it.
    told: Option<Arc<str>>,
}

/// What the next poll does.
#[derive(Clone)]
pub(super) enum Stage {
    /// Asks there: at a whole URL, once that is known.
    Asking(Arc<str>),
    /// Does what an operation does before it is asked for, or after.
    Once(Arc<Once>),
}

/// What is done once. Clones share it, so that it is one call that they send.
pub(super) enum Once {
    /// Sends the starting call.
    Starting(Starting),
    /// Fetches the result of an operation that succeeded by this answer.
    Fetching(Answer<Status>, Place),
}

/// Where a server says to ask, and how that is told: it may put what it was sent into a location.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) url: String,
    pub(super) told: String,
}

impl Whereabouts {
    /// Of one that is asked for at this location, which is told so.
    pub(super) fn asking(location: Arc<str>, told: &str) -> Self {
        let name = location.strip_suffix(told).map(|before| Name::Asked(before.len()));
        Self::new(name.unwrap_or_else(|| Name::Own(told.into())), Stage::Asking(location))
    }

    /// Of one that is yet to be started.
    pub(super) fn starting_by(start: Start) -> Self {
        let name = Name::Own(start.to_string().into());
        Self::new(name, Stage::Once(Arc::new(Once::Starting(Starting::new(start)))))
    }

    fn new(name: Name, stage: Stage) -> Self {
        Self { name, stage, past: None }
    }

    pub(super) fn rename(&mut self, id: Arc<str>) {
        self.name = Name::Own(id);
    }

    pub(super) fn name(&self) -> &str {
        match (&self.name, &self.stage) {
            (Name::Own(name), _) => name,
            (Name::Asked(begin), Stage::Asking(location)) => &location[*begin..],
            (Name::Asked(_), Stage::Once(_)) => unreachable!("whatever goes on has a name of its own"),
        }
    }

    pub(super) fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Where the next poll asks first.
    pub(super) fn location(&self) -> &str {
        match &self.stage {
            Stage::Asking(location) => location,
            Stage::Once(once) => match &**once {
                Once::Starting(starting) => starting.location(),
                Once::Fetching(_, place) => &place.url,
            },
        }
    }

    /// The call that is yet to start it.
    pub(super) fn starting(&self) -> Option<&Starting> {
        match &self.stage {
            Stage::Once(once) => match &**once {
                Once::Starting(starting) => Some(starting),
                Once::Fetching(..) => None,
            },
            Stage::Asking(_) => None,
        }
    }

    /// The call that started it, if it was started here.
    pub(super) fn started(&self) -> Option<&Started> {
        self.past.as_ref()?.started.as_deref()
    }

    /// How the place is told where it is asked for, if a server has moved it.
    pub(super) fn told(&self) -> Option<&Arc<str>> {
        self.past.as_ref()?.told.as_ref()
    }

    /// How the place is told where it is asked for, when this URL was asked. No other text is kept for it.
    pub(super) fn told_at(&mut self, url: &str) -> Arc<str> {
        match (self.told(), &self.stage) {
            (Some(told), _) => Arc::clone(told),
            (None, Stage::Asking(location)) if **location == *url => Arc::clone(location),
            (None, Stage::Asking(_)) => {
                let url: Arc<str> = url.into();
                self.go_on_at(Stage::Asking(Arc::clone(&url)));
                url
            }
            (None, Stage::Once(_)) => url.into(),
        }
    }

    /// It was started by this call, and is asked for there.
    pub(super) fn begin(&mut self, started: Started, url: Arc<str>) {
        self.past.get_or_insert_default().started = Some(Arc::new(started));
        self.go_on_at(Stage::Asking(url));
    }

    /// It is asked for there from now on, and that is told in this way, if in another one than it is asked.
    pub(super) fn move_to(&mut self, url: Arc<str>, told: Option<Arc<str>>) {
        if told.is_some() || self.told().is_some() {
            self.past.get_or_insert_default().told = told;
        }
        self.go_on_at(Stage::Asking(url));
    }

    /// It has succeeded by this answer, and its result is fetched there.
    pub(super) fn fetch(&mut self, answer: Answer<Status>, place: Place) {
        self.go_on_at(Stage::Once(Arc::new(Once::Fetching(answer, place))));
    }

    /// Goes on with this, under the same name.
    fn go_on_at(&mut self, stage: Stage) {
        if let Name::Asked(_) = self.name {
            self.name = Name::Own(self.name().into());
        }
        self.stage = stage;
    }
}
