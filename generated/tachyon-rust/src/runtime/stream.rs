//! The items of a stream, as they come.

use std::fmt;
use std::future::{poll_fn, Future};
use std::marker::PhantomData;
use std::mem;
use std::pin::Pin;
use std::task::{ready, Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use serde::de::value::StringDeserializer;
use serde::de::DeserializeOwned;

use super::call::refused;
use super::clock::{self, Sleep};
use super::error::{DecodeError, Error, Failure, StreamError, TimeoutError};
use super::exchange::{self, BoxFuture, Chunks, Opened};
use super::reader::{Broken, Described, Item, Reader};
use crate::apis::configuration::Configuration;

/// The items that an operation streams, decoded as they come.
///
/// The call is sent when the first item is asked for, and is tried again until its answer
/// starts. After an error, and after the last item, there are no more. Dropping the stream
/// closes its connection.
///
/// It is a `futures_core::Stream`; [`next`](Self::next) needs no further crate:
///
/// ```text
/// while let Some(item) = stream.next().await {
///     println!("{:?}", item?);
/// }
/// ```
#[must_use = "a stream sends nothing until it is polled"]
pub struct EventStream<T, E> {
    source: Source,
    items: PhantomData<fn() -> (T, E)>,
}

impl<T, E> EventStream<T, E> {
    pub(crate) fn new(
        configuration: &Configuration,
        described: Described,
        opening: BoxFuture<Result<Opened, Failure>>,
    ) -> Self {
        Self {
            source: Source {
                state: State::Opening(opening),
                described,
                limit: configuration.max_event_size,
                read: configuration.timeout.read,
                silence: None,
                total: configuration.timeout.total,
                over: None,
            },
            items: PhantomData,
        }
    }
}

impl<T: DeserializeOwned, E: DeserializeOwned> EventStream<T, E> {
    /// The next item, `None` after the last one.
    pub async fn next(&mut self) -> Option<Result<T, Error<E>>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// What an event holds, `None` where that is nothing.
    fn decoded(&mut self, item: Item) -> Option<Result<T, Error<E>>> {
        let event = item.event;
        let decoded = if self.source.described.is_text {
            T::deserialize(StringDeserializer::new(event.text().into_owned()))
        } else {
            serde_json::from_slice(&event.data)
        };
        let source = match decoded {
            Ok(decoded) => return Some(Ok(decoded)),
            Err(_) if event.data.trim_ascii().is_empty() => return None,
            Err(source) => source,
        };
        self.source.state = State::Ended;
        Some(Err(if item.is_cut {
            Error::Stream(StreamError {
                reason: "the stream broke off in the middle of an event".to_owned(),
                event: Some(Box::new(event)),
                entity: None,
                source: None,
            })
        } else {
            Error::Decode(DecodeError {
                status: item.status,
                content: event.text().into_owned(),
                source,
            })
        }))
    }
}

impl<T: DeserializeOwned, E: DeserializeOwned> Stream for EventStream<T, E> {
    type Item = Result<T, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        while let Some(item) = ready!(this.source.poll_item(context)) {
            match item {
                Ok(item) => {
                    if let Some(decoded) = this.decoded(item) {
                        return Poll::Ready(Some(decoded));
                    }
                }
                Err(broken) => return Poll::Ready(Some(Err(broken.into()))),
            }
        }
        Poll::Ready(None)
    }
}

impl<T, E> fmt::Debug for EventStream<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("described", &self.source.described)
            .finish_non_exhaustive()
    }
}

impl<E: DeserializeOwned> From<Broken> for Error<E> {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Failure(failure) => failure.into(),
            Broken::Refused(answer) => refused(answer),
            Broken::Stream {
                reason,
                event,
                source,
            } => Self::Stream(StreamError {
                reason,
                entity: event
                    .as_ref()
                    .and_then(|event| serde_json::from_slice(&event.data).ok()),
                event,
                source,
            }),
        }
    }
}

/// Where items come from; their types do not matter here.
struct Source {
    state: State,
    described: Described,
    limit: usize,
    read: Option<Duration>,
    /// Ends when the connection has been silent for too long.
    silence: Option<Sleep>,
    total: Option<Duration>,
    /// Ends when the stream has taken too long.
    over: Option<Sleep>,
}

enum State {
    Opening(BoxFuture<Result<Opened, Failure>>),
    Open(Box<Reader>, Chunks),
    /// The bytes have ended.
    Read(Box<Reader>),
    /// The sentinel has come: the end of the answer frees its connection for other calls.
    Ending(Chunks, Sleep),
    Ended,
}

// How long the end of an answer may take after its sentinel.
const ENDING: Duration = Duration::from_millis(100);

impl Source {
    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Item, Broken>>> {
        loop {
            // What returns without setting another state ends the stream.
            match mem::replace(&mut self.state, State::Ended) {
                State::Opening(mut opening) => match opening.as_mut().poll(context) {
                    Poll::Pending => {
                        let late = self.poll_total(context);
                        if late.is_pending() {
                            self.state = State::Opening(opening);
                        }
                        return late;
                    }
                    Poll::Ready(Ok(Opened::Open(response))) => {
                        let status = response.status();
                        let media_type = exchange::media_type(response.headers());
                        match Reader::new(self.described, status, &media_type, self.limit) {
                            Ok(reader) => {
                                let chunks = exchange::chunks(response);
                                self.state = State::Open(Box::new(reader), chunks);
                            }
                            Err(broken) => return Poll::Ready(Some(Err(broken))),
                        }
                    }
                    Poll::Ready(Ok(Opened::Whole(answer))) => {
                        return Poll::Ready(Some(Err(Broken::Refused(answer))));
                    }
                    Poll::Ready(Err(failure)) => {
                        return Poll::Ready(Some(Err(Broken::Failure(failure))));
                    }
                },
                State::Open(mut reader, mut chunks) => {
                    match reader.next() {
                        Some(Ok(item)) => {
                            self.state = State::Open(reader, chunks);
                            return Poll::Ready(Some(Ok(item)));
                        }
                        Some(Err(broken)) => return Poll::Ready(Some(Err(broken))),
                        None if reader.is_complete() => {
                            self.state = State::Ending(chunks, clock::sleep(ENDING));
                            continue;
                        }
                        None => {}
                    }
                    match chunks.as_mut().poll_next(context) {
                        Poll::Ready(Some(Ok(data))) => {
                            self.silence = None;
                            reader.feed(&data);
                            self.state = State::Open(reader, chunks);
                            if let Poll::Ready(late) = self.poll_total(context) {
                                self.state = State::Ended;
                                return Poll::Ready(late);
                            }
                        }
                        Poll::Ready(Some(Err(error))) => {
                            return Poll::Ready(Some(Err(Broken::Stream {
                                reason: "the stream broke off: its connection failed".to_owned(),
                                event: None,
                                source: Some(error.without_url()),
                            })));
                        }
                        Poll::Ready(None) => {
                            reader.finish();
                            self.state = State::Read(reader);
                        }
                        Poll::Pending => {
                            let late = self.poll_silence(context);
                            if late.is_pending() {
                                self.state = State::Open(reader, chunks);
                            }
                            return late;
                        }
                    }
                }
                State::Read(mut reader) => {
                    let item = reader.next();
                    if matches!(item, Some(Ok(_))) {
                        self.state = State::Read(reader);
                    }
                    return Poll::Ready(item);
                }
                State::Ending(mut chunks, mut grace) => {
                    let is_over = match chunks.as_mut().poll_next(context) {
                        Poll::Ready(Some(Ok(_))) => grace.as_mut().poll(context).is_ready(),
                        Poll::Ready(_) => true,
                        Poll::Pending => {
                            if grace.as_mut().poll(context).is_pending() {
                                self.state = State::Ending(chunks, grace);
                                return Poll::Pending;
                            }
                            true
                        }
                    };
                    if !is_over {
                        self.state = State::Ending(chunks, grace);
                    }
                }
                State::Ended => return Poll::Ready(None),
            }
        }
    }

    /// Ready when the connection has been silent, or the stream taken, for too long.
    fn poll_silence(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Item, Broken>>> {
        if let Some(read) = self.read {
            let silence = self.silence.get_or_insert_with(|| clock::sleep(read));
            if silence.as_mut().poll(context).is_ready() {
                return late(TimeoutError::Read(read));
            }
        }
        self.poll_total(context)
    }

    /// Ready when the stream has taken too long.
    fn poll_total(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Item, Broken>>> {
        if let Some(total) = self.total {
            let over = self.over.get_or_insert_with(|| clock::sleep(total));
            if over.as_mut().poll(context).is_ready() {
                return late(TimeoutError::Total(total));
            }
        }
        Poll::Pending
    }
}

fn late(error: TimeoutError) -> Poll<Option<Result<Item, Broken>>> {
    Poll::Ready(Some(Err(Broken::Failure(Failure::Timeout(error)))))
}
