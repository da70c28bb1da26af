//! The events of one answer that are items: a state machine that is fed bytes. No I/O happens
//! here.

use std::collections::VecDeque;
use std::mem;

use memchr::memmem;
use reqwest::StatusCode;
use serde_json::Value;

use super::error::Failure;
use super::events::{self, Decoder, Events, Malformed, ServerSentEvent};
use super::exchange::Answer;

/// A stream as the API describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Described {
    /// Its media type, which tells how it is cut into items.
    pub media_type: &'static str,
    /// The data that ends it, without which it has broken off; `None` where nothing does.
    pub sentinel: Option<&'static str>,
    /// Whether its items are text as it stands, and not JSON.
    pub is_text: bool,
}

/// Why there are no more items.
pub(crate) enum Broken {
    /// The call failed.
    Failure(Failure),
    /// The answer is no success.
    Refused(Answer),
    /// The stream carried an error, or is none, or broke off.
    Stream {
        reason: String,
        event: Option<Box<ServerSentEvent>>,
        source: Option<reqwest::Error>,
    },
}

impl Broken {
    fn because(reason: impl Into<String>, event: Option<ServerSentEvent>) -> Self {
        Self::Stream {
            reason: reason.into(),
            event: event.map(Box::new),
            source: None,
        }
    }
}

/// An event that is an item.
pub(crate) struct Item {
    pub(crate) event: ServerSentEvent,
    pub(crate) status: StatusCode,
    /// Whether the bytes ended before it did.
    pub(crate) is_cut: bool,
}

/// Turns the bytes of one answer into items.
pub(crate) struct Reader {
    status: StatusCode,
    decoder: Decoder,
    limit: usize,
    sentinel: &'static str,
    needs_sentinel: bool,
    is_json_texts: bool,
    is_started: bool,
    /// A JSON document, which some vendors send in place of a stream.
    document: Option<Vec<u8>>,
    events: Events,
    /// The event that was still open when the bytes ended.
    last: Option<ServerSentEvent>,
    /// What follows the events.
    broken: Option<Broken>,
    is_complete: bool,
}

// What ends the streams of nearly every vendor, whether or not its description says so.
const DONE: &str = "[DONE]";

// What vendors send streams as that they do not call streams.
const PLAIN: [&str; 4] = [
    "",
    "application/json",
    "application/octet-stream",
    "text/plain",
];

impl Reader {
    /// Fails for an answer that is no stream, before any byte of it is read.
    pub(crate) fn new(
        described: Described,
        status: StatusCode,
        media_type: &str,
        limit: usize,
    ) -> Result<Self, Broken> {
        let is_plain = PLAIN.contains(&media_type) || media_type == described.media_type;
        let media_type = if events::is_stream(media_type) {
            media_type
        } else if is_plain {
            described.media_type
        } else {
            let reason = format!("the answer is no stream ({media_type})");
            return Err(Broken::because(reason, None));
        };
        Ok(Self {
            status,
            decoder: Decoder::new(media_type, limit),
            limit,
            sentinel: described.sentinel.unwrap_or(DONE),
            // The sentinel is that of the media type which the API describes.
            needs_sentinel: described.sentinel.is_some() && media_type == described.media_type,
            is_json_texts: events::is_json_texts(media_type),
            is_started: false,
            document: None,
            events: VecDeque::new(),
            last: None,
            broken: None,
            is_complete: false,
        })
    }

    /// Whether the sentinel has come.
    pub(crate) fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Takes bytes, cut anywhere.
    pub(crate) fn feed(&mut self, data: &[u8]) {
        if !self.is_started {
            self.start(data);
        }
        if let Some(document) = &mut self.document {
            document.extend_from_slice(data);
            if document.len() > self.limit {
                self.refuse_document();
            }
        } else if let Err(malformed) = self.decoder.feed(data, &mut self.events) {
            self.malformed(malformed);
        }
    }

    /// The bytes have ended.
    pub(crate) fn finish(&mut self) {
        if self.document.is_some() {
            self.refuse_document();
            return;
        }
        match self.decoder.end() {
            Ok(last) => self.last = last,
            Err(malformed) => self.malformed(malformed),
        }
        if self.needs_sentinel && self.broken.is_none() {
            let reason = format!("the stream broke off: it ended without {}", self.sentinel);
            self.broken = Some(Broken::because(reason, None));
        }
    }

    /// The next item that is complete.
    pub(crate) fn next(&mut self) -> Option<Result<Item, Broken>> {
        if self.is_complete {
            return None;
        }
        let (event, is_cut) = match self.events.pop_front() {
            Some(event) => (Some(event), false),
            None => (self.last.take(), true),
        };
        let Some(event) = event else {
            return self.broken.take().map(Err);
        };
        if event.data.trim_ascii() == self.sentinel.as_bytes() {
            self.is_complete = true;
            return None;
        }
        if is_error(&event) {
            let reason = "the stream carries an error";
            return Some(Err(Broken::because(reason, Some(event))));
        }
        if is_cut && self.needs_sentinel {
            return self.broken.take().map(Err);
        }
        Some(Ok(Item {
            event,
            status: self.status,
            is_cut,
        }))
    }

    /// Tells a stream from a JSON document.
    fn start(&mut self, data: &[u8]) {
        let text = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
        if let Some(first) = text.trim_ascii_start().first() {
            self.is_started = true;
            if !self.is_json_texts && matches!(first, b'{' | b'[') {
                self.document = Some(Vec::new());
            }
        }
    }

    fn refuse_document(&mut self) {
        let event = ServerSentEvent::of(mem::take(&mut self.document).unwrap_or_default());
        let reason = if is_error(&event) {
            "the stream carries an error"
        } else {
            "the answer is a JSON document and no stream"
        };
        self.broken = Some(Broken::because(reason, Some(event)));
    }

    fn malformed(&mut self, malformed: Malformed) {
        let reason = match malformed {
            Malformed::TooLarge => format!(
                "an event is larger than {} bytes (Configuration::max_event_size allows more)",
                self.limit
            ),
            Malformed::CutOff => "the stream broke off in the middle of an item".to_owned(),
        };
        self.broken = Some(Broken::because(reason, None));
    }
}

/// Whether an event is an error, or an object whose `error` says something.
fn is_error(event: &ServerSentEvent) -> bool {
    if event.event == "error" {
        return true;
    }
    if memmem::find(&event.data, b"\"error\"").is_none() {
        return false;
    }
    let Ok(Value::Object(members)) = serde_json::from_slice(&event.data) else {
        return false;
    };
    match members.get("error") {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(members)) => !members.is_empty(),
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::Bool(true)) => true,
    }
}
