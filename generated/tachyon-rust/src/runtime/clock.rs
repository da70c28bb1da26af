//! Time: to wait, and to know how much has passed.

use std::future::{poll_fn, Future};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::{now, sleep, Instant, Sleep};
#[cfg(target_arch = "wasm32")]
pub(crate) use web::{now, sleep, Instant, Sleep};

/// What `future` gives, `None` where it takes longer than `limit`.
pub(crate) async fn within<F: Future>(limit: Option<Duration>, future: F) -> Option<F::Output> {
    let Some(limit) = limit else {
        return Some(future.await);
    };
    let mut future = pin!(future);
    let mut over = sleep(limit);
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        over.as_mut().poll(context).map(|()| None)
    })
    .await
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::pin::Pin;
    use std::time::{Duration, SystemTime};

    /// A moment of a clock that never goes back.
    pub(crate) type Instant = std::time::Instant;

    /// A wait.
    pub(crate) type Sleep = Pin<Box<tokio::time::Sleep>>;

    /// Waits.
    pub(crate) fn sleep(duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }

    /// The time of the calendar.
    pub(crate) fn now() -> SystemTime {
        SystemTime::now()
    }
}

#[cfg(target_arch = "wasm32")]
mod web {
    use std::pin::Pin;
    use std::time::{Duration, SystemTime};

    use gloo_timers::future::TimeoutFuture;

    /// A moment; the standard library's clocks panic in browsers.
    #[derive(Clone, Copy)]
    pub(crate) struct Instant(f64);

    impl Instant {
        pub(crate) fn now() -> Self {
            Self(js_sys::Date::now())
        }

        pub(crate) fn elapsed(&self) -> Duration {
            let milliseconds = js_sys::Date::now() - self.0;
            Duration::from_millis(milliseconds.max(0.0) as u64)
        }
    }

    /// A wait.
    pub(crate) type Sleep = Pin<Box<TimeoutFuture>>;

    /// Waits.
    pub(crate) fn sleep(duration: Duration) -> Sleep {
        // A browser's timers count milliseconds in 31 bits.
        let milliseconds = duration.as_millis().min(0x7fff_ffff);
        Box::pin(TimeoutFuture::new(
            u32::try_from(milliseconds).unwrap_or(u32::MAX >> 1),
        ))
    }

    /// The time of the calendar.
    pub(crate) fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(js_sys::Date::now().max(0.0) as u64)
    }
}
