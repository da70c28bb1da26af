//! Streams of events, decoded from bytes as they come. No I/O happens here.
//!
//! Each decoder is fed bytes, cut anywhere, and gives the events that they complete; its end
//! gives the one that was still open.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::mem;

use memchr::{memchr, memchr2};
use serde::de::IgnoredAny;

/// One event as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerSentEvent {
    /// Its type, `message` unless the stream says otherwise.
    pub event: Cow<'static, str>,
    /// Its data in UTF-8.
    pub data: Vec<u8>,
    /// The last id that the stream has given, empty before the first.
    pub id: String,
    /// The reconnection time in milliseconds, where this event sets one.
    pub retry: Option<u64>,
}

impl ServerSentEvent {
    /// Data that came without a type or an id.
    pub(crate) fn of(data: Vec<u8>) -> Self {
        Self {
            event: MESSAGE,
            data,
            id: String::new(),
            retry: None,
        }
    }

    /// The data as text; what is not UTF-8 is replaced.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.data)
    }
}

/// Why bytes are no events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// An event is larger than is allowed.
    TooLarge,
    /// The bytes ended in the middle of an item.
    CutOff,
}

/// The events that are complete, in their order.
pub(crate) type Events = VecDeque<ServerSentEvent>;

/// Turns bytes into events.
///
/// An event of more than `limit` bytes is refused, as an unbounded one would fill the memory.
pub(crate) enum Decoder {
    Events(EventDecoder),
    Lines(LineDecoder),
    Sequence(SequenceDecoder),
}

impl Decoder {
    /// The decoder for a stream's media type, that of event streams for any that is unknown.
    pub(crate) fn new(media_type: &str, limit: usize) -> Self {
        if media_type == SEQUENCE {
            Self::Sequence(SequenceDecoder::new(limit))
        } else if LINES.contains(&media_type) {
            Self::Lines(LineDecoder::new(limit))
        } else {
            Self::Events(EventDecoder::new(limit))
        }
    }

    /// Adds the events that `data` completes; those before one that is too large, too.
    pub(crate) fn feed(&mut self, data: &[u8], events: &mut Events) -> Result<(), Malformed> {
        match self {
            Self::Events(decoder) => decoder.feed(data, events),
            Self::Lines(decoder) => decoder.feed(data, events),
            Self::Sequence(decoder) => decoder.feed(data, events),
        }
    }

    /// The event that the end of the stream left unfinished, `None` where there is none.
    pub(crate) fn end(&mut self) -> Result<Option<ServerSentEvent>, Malformed> {
        match self {
            Self::Events(decoder) => Ok(decoder.end()),
            Self::Lines(decoder) => Ok(decoder.end()),
            Self::Sequence(decoder) => decoder.end(),
        }
    }
}

/// Decodes `text/event-stream` (WHATWG HTML, section 9.2).
pub(crate) struct EventDecoder {
    limit: usize,
    /// The start of a line whose end is still to come.
    line: Vec<u8>,
    /// The lines of an event that is still open, their ends among them, in bytes.
    size: usize,
    is_started: bool,
    after_cr: bool,
    data: Option<Vec<u8>>,
    event: Option<String>,
    id: String,
    retry: Option<u64>,
}

impl EventDecoder {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            size: 0,
            is_started: false,
            after_cr: false,
            data: None,
            event: None,
            id: String::new(),
            retry: None,
        }
    }

    fn feed(&mut self, data: &[u8], events: &mut Events) -> Result<(), Malformed> {
        let mut rest = data;
        while let Some((first, after)) = rest.split_first() {
            if mem::take(&mut self.after_cr) && *first == b'\n' {
                rest = after;
                continue;
            }
            let Some((line, end, after)) = cut(rest) else {
                self.line.extend_from_slice(rest);
                break;
            };
            self.after_cr = end == b'\r';
            rest = after;
            if self.line.is_empty() {
                self.take(line, events)?;
            } else {
                let mut whole = mem::take(&mut self.line);
                whole.extend_from_slice(line);
                self.take(&whole, events)?;
                whole.clear();
                self.line = whole;
            }
        }
        if self.size.saturating_add(self.line.len()) > self.limit {
            return Err(Malformed::TooLarge);
        }
        Ok(())
    }

    fn end(&mut self) -> Option<ServerSentEvent> {
        let line = mem::take(&mut self.line);
        self.read(&line);
        self.completed()
    }

    /// A whole line: an empty one ends the event.
    fn take(&mut self, line: &[u8], events: &mut Events) -> Result<(), Malformed> {
        if !line.is_empty() {
            self.size = self.size.saturating_add(line.len());
            if self.size > self.limit {
                return Err(Malformed::TooLarge);
            }
            self.size = self.size.saturating_add(1);
        }
        let line = if mem::replace(&mut self.is_started, true) {
            line
        } else {
            line.strip_prefix(BOM).unwrap_or(line)
        };
        if line.is_empty() {
            events.extend(self.completed());
        } else {
            self.read(line);
        }
        Ok(())
    }

    fn read(&mut self, line: &[u8]) {
        let (name, value) = match memchr(b':', line).and_then(|at| line.split_at_checked(at)) {
            Some((name, value)) => (name, value.strip_prefix(b":").unwrap_or(value)),
            None => (line, &[][..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => match &mut self.data {
                Some(data) => {
                    data.push(b'\n');
                    data.extend_from_slice(value);
                }
                None => self.data = Some(value.to_vec()),
            },
            b"event" => self.event = Some(String::from_utf8_lossy(value).into_owned()),
            b"id" if memchr(0, value).is_none() => {
                self.id = String::from_utf8_lossy(value).into_owned();
            }
            b"retry" if value.iter().all(u8::is_ascii_digit) => {
                let digits = std::str::from_utf8(value).ok();
                self.retry = digits.and_then(|digits| digits.parse().ok()).or(self.retry);
            }
            _ => {}
        }
    }

    /// The event that the lines since the last one describe, `None` where they hold no data.
    fn completed(&mut self) -> Option<ServerSentEvent> {
        self.size = 0;
        let event = self.event.take().filter(|event| !event.is_empty());
        let retry = self.retry.take();
        Some(ServerSentEvent {
            data: self.data.take()?,
            event: event.map_or(MESSAGE, Cow::Owned),
            id: self.id.clone(),
            retry,
        })
    }
}

/// Decodes streams of one JSON text a line (NDJSON, JSON Lines). Empty lines are left out.
pub(crate) struct LineDecoder {
    limit: usize,
    line: Vec<u8>,
    is_started: bool,
}

impl LineDecoder {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            is_started: false,
        }
    }

    fn feed(&mut self, data: &[u8], events: &mut Events) -> Result<(), Malformed> {
        let mut rest = data;
        while let Some((line, after)) = split(rest, b'\n') {
            rest = after;
            self.line.extend_from_slice(line);
            if self.line.len() > self.limit {
                return Err(Malformed::TooLarge);
            }
            events.extend(self.end());
        }
        self.line.extend_from_slice(rest);
        if self.line.len() > self.limit {
            return Err(Malformed::TooLarge);
        }
        Ok(())
    }

    fn end(&mut self) -> Option<ServerSentEvent> {
        let line = mem::take(&mut self.line);
        let mut text = line.as_slice();
        if !mem::replace(&mut self.is_started, true) {
            text = text.strip_prefix(BOM).unwrap_or(text);
        }
        item(text)
    }
}

/// Decodes JSON text sequences (RFC 7464): each text follows a record separator.
///
/// A text is given as soon as its first line is a whole one, else when the next separator comes:
/// texts may be written over several lines. What stands between separators is left out where it
/// is blank.
pub(crate) struct SequenceDecoder {
    limit: usize,
    text: Vec<u8>,
    is_long: bool,
}

impl SequenceDecoder {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            text: Vec::new(),
            is_long: false,
        }
    }

    fn feed(&mut self, data: &[u8], events: &mut Events) -> Result<(), Malformed> {
        let mut rest = data;
        while let Some((record, after)) = split(rest, SEPARATOR) {
            rest = after;
            self.keep(record)?;
            self.give(events);
            events.extend(self.finished());
        }
        self.keep(rest)?;
        if memchr(b'\n', rest).is_some() {
            self.give(events);
        }
        Ok(())
    }

    /// The text that no separator followed.
    ///
    /// Numbers and names look whole wherever they are cut: the line feed after them tells.
    fn end(&mut self) -> Result<Option<ServerSentEvent>, Malformed> {
        let last = self.text.last().copied();
        match (self.finished(), last) {
            (None, _) => Ok(None),
            (Some(event), Some(b'\n' | b'}' | b']' | b'"')) => Ok(Some(event)),
            (Some(_), _) => Err(Malformed::CutOff),
        }
    }

    /// Gives the lines that are whole texts, up to the first that is not.
    fn give(&mut self, events: &mut Events) {
        if self.is_long {
            return;
        }
        let text = mem::take(&mut self.text);
        let mut rest = text.as_slice();
        while let Some((line, after)) = split(rest, b'\n') {
            let found = item(line);
            let is_json =
                |event: &ServerSentEvent| serde_json::from_slice::<IgnoredAny>(&event.data).is_ok();
            if found.as_ref().is_some_and(|event| !is_json(event)) {
                self.is_long = true;
                break;
            }
            events.extend(found);
            rest = after;
        }
        self.text = rest.to_vec();
    }

    /// What is there, up to a separator.
    fn finished(&mut self) -> Option<ServerSentEvent> {
        self.is_long = false;
        item(&mem::take(&mut self.text))
    }

    fn keep(&mut self, data: &[u8]) -> Result<(), Malformed> {
        self.text.extend_from_slice(data);
        if self.text.len() > self.limit {
            return Err(Malformed::TooLarge);
        }
        Ok(())
    }
}

const MESSAGE: Cow<'static, str> = Cow::Borrowed("message");
const BOM: &[u8] = b"\xef\xbb\xbf";
const SEPARATOR: u8 = 0x1e;
const SEQUENCE: &str = "application/json-seq";
const LINES: [&str; 8] = [
    "application/jsonl",
    "application/jsonlines",
    "application/ndjson",
    "application/stream+json",
    "application/x-json-stream",
    "application/x-jsonl",
    "application/x-jsonlines",
    "application/x-ndjson",
];

/// Whether a media type is a sequence of JSON texts.
pub(crate) fn is_json_texts(media_type: &str) -> bool {
    media_type == SEQUENCE || LINES.contains(&media_type)
}

/// Whether a media type is a stream of events or of JSON texts.
pub(crate) fn is_stream(media_type: &str) -> bool {
    media_type == "text/event-stream" || is_json_texts(media_type)
}

/// The first line, what ended it, and what follows; CR, LF and CRLF all end a line.
fn cut(data: &[u8]) -> Option<(&[u8], u8, &[u8])> {
    let (line, rest) = data.split_at_checked(memchr2(b'\n', b'\r', data)?)?;
    let (end, rest) = rest.split_first()?;
    Some((line, *end, rest))
}

/// What stands before the first `separator` and after it.
fn split(data: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let (before, rest) = data.split_at_checked(memchr(separator, data)?)?;
    Some((before, rest.split_first()?.1))
}

fn item(text: &[u8]) -> Option<ServerSentEvent> {
    let start = text.iter().position(|byte| !is_blank(*byte))?;
    let end = text.iter().rposition(|byte| !is_blank(*byte))?;
    text.get(start..=end)
        .map(|text| ServerSentEvent::of(text.to_vec()))
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}
