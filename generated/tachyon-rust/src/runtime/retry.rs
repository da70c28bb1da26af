//! Whether to try again, and when. No clock runs and nothing sleeps here.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};

/// How often a call is tried again, and how long that waits.
///
/// The wait before attempt *n* + 1 is random, up to `base * 2^(n-1)` and `cap`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts after the first.
    pub retries: u32,
    /// The longest wait before the second attempt.
    pub base: Duration,
    /// The longest wait before any.
    pub cap: Duration,
    /// A vendor's `retry-after` is followed up to this; a longer one is not waited for.
    pub retry_after_cap: Duration,
    /// The answers that are tried again, besides those that say so themselves
    /// (`x-should-retry: true`); `None` for 408, 429 and 5xx, except 501 and 505.
    pub statuses: Option<Vec<StatusCode>>,
    /// The HTTP methods that are tried again, `None` for all of them.
    pub methods: Option<Vec<Method>>,
    /// How many retries a client spends beyond what its successful calls earn (one in five): a
    /// vendor that is down is not asked ever more.
    pub budget: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            retries: 2,
            base: Duration::from_millis(500),
            cap: Duration::from_secs(8),
            retry_after_cap: Duration::from_secs(60),
            statuses: None,
            methods: None,
            budget: 100,
        }
    }
}

impl From<u32> for RetryPolicy {
    /// The default policy with another number of retries; 0 tries nothing again.
    fn from(retries: u32) -> Self {
        Self {
            retries,
            ..Self::default()
        }
    }
}

/// What is left of a client's retries; clones share it.
#[derive(Debug, Clone, Default)]
pub struct RetryBudget {
    /// In fifths of a retry.
    spent: Arc<AtomicU32>,
}

impl RetryBudget {
    const RETRY: u32 = 5;

    /// Takes one retry of `budget` and what was earned; false where none is left.
    pub(crate) fn spend(&self, budget: u32) -> bool {
        let limit = budget.saturating_mul(Self::RETRY);
        self.spent
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |spent| {
                let after = spent.saturating_add(Self::RETRY);
                (after <= limit).then_some(after)
            })
            .is_ok()
    }

    /// A call has succeeded.
    pub(crate) fn earn(&self) {
        // Nothing was spent where this fails.
        let _ = self
            .spent
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |spent| {
                spent.checked_sub(1)
            });
    }
}

/// What came of an attempt.
pub(crate) enum Outcome<'a> {
    /// No answer.
    Broken,
    /// An answer.
    Answered(StatusCode, &'a HeaderMap),
}

/// The time to wait before another attempt, `None` where there is to be none.
///
/// `attempt` counts from 1. The wait grows exponentially with full jitter, which is 0 to 1.
pub(crate) fn decide(
    policy: &RetryPolicy,
    attempt: u32,
    method: &Method,
    outcome: &Outcome<'_>,
    now: SystemTime,
    jitter: f64,
) -> Option<Duration> {
    if attempt > policy.retries {
        return None;
    }
    if policy
        .methods
        .as_ref()
        .is_some_and(|methods| !methods.contains(method))
    {
        return None;
    }
    if let Outcome::Answered(status, headers) = outcome {
        if !asks(policy, *status, headers) {
            return None;
        }
        if let Some(asked) = retry_after(headers, now) {
            return (asked <= policy.retry_after_cap).then_some(asked);
        }
    }
    let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
    let longest = policy.base.saturating_mul(doubled).min(policy.cap);
    Some(longest.mul_f64(jitter.clamp(0.0, 1.0)))
}

/// The time that `retry-after-ms` or Retry-After (RFC 9110, section 10.2.3) asks for.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let said = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(milliseconds) = said("retry-after-ms").and_then(number) {
        return Duration::try_from_secs_f64(milliseconds / 1000.0).ok();
    }
    let value = said("retry-after")?;
    if let Some(seconds) = number(value) {
        return Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    }
    let then = httpdate::parse_http_date(value).ok()?;
    Some(then.duration_since(now).unwrap_or(Duration::ZERO))
}

/// Whether an answer is to be asked for again; vendors may say so in `x-should-retry`.
fn asks(policy: &RetryPolicy, status: StatusCode, headers: &HeaderMap) -> bool {
    if status.as_u16() >= 400 {
        match headers.get("x-should-retry").map(|said| said.as_bytes()) {
            Some(b"true") => return true,
            Some(b"false") => return false,
            _ => {}
        }
    }
    match &policy.statuses {
        Some(statuses) => statuses.contains(&status),
        None => match status.as_u16() {
            // 501 and 505 stay as they are however often they are asked again.
            501 | 505 => false,
            408 | 429 => true,
            other => (500..600).contains(&other),
        },
    }
}

fn number(value: &str) -> Option<f64> {
    let number: f64 = value.trim().parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number)
}
