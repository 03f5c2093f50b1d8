//! The time of day, passed in. Nothing below the program's edge asks the operating system by itself.

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};

/// Where the time of day comes from: the operating system in the program, a fixed value in tests.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// A clock that asks `now` each time.
    pub fn new(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The operating system's clock: chosen once, where the program is put together.
    pub fn system() -> Self {
        Self::new(Utc::now)
    }

    /// A clock that stands still.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self::new(move || at)
    }

    /// The time now.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Clock")
    }
}
