//! What every program is asked to do.

use std::error::Error;
use std::future::Future;
use std::time::Instant;

/// What fails.
pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// Prints how many events a second two streams deliver, after one to warm up. `stream` reads one
/// from the base URL in the argument, and gives the number of its events.
pub async fn measured<F: Future<Output = Outcome<usize>>>(
    stream: impl Fn(String) -> F,
) -> Outcome<()> {
    let base_path = std::env::args().nth(1).ok_or("no URL")?;
    stream(base_path.clone()).await?;
    let started = Instant::now();
    let events = stream(base_path.clone()).await? + stream(base_path).await?;
    println!("{}", events as f64 / started.elapsed().as_secs_f64());
    Ok(())
}
