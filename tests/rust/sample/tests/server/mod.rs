//! A server that says what it is told to, and remembers what it was asked.
#![allow(dead_code)]

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What came.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Received {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The number of its connection, from 0.
    pub connection: usize,
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(held, _)| held == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// What is sent for one request.
pub enum Answer {
    /// Bytes, each of the pieces by itself.
    Pieces(Vec<Vec<u8>>),
    /// Bytes, after which the connection is closed.
    Broken(Vec<u8>),
    /// Bytes, after which nothing comes until the client is gone.
    Silent(Vec<u8>),
}

pub struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<Received>>>,
    left: Arc<Mutex<usize>>,
}

impl Server {
    /// Gives each request the next of `answers`, and closes the connection when there is none.
    pub fn new(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let left = Arc::new(Mutex::new(0));
        let answers = Arc::new(Mutex::new(VecDeque::from(answers)));
        let server = Self {
            url,
            requests: Arc::clone(&requests),
            left: Arc::clone(&left),
        };
        thread::spawn(move || {
            for (connection, stream) in listener.incoming().enumerate() {
                let (requests, answers) = (Arc::clone(&requests), Arc::clone(&answers));
                let left = Arc::clone(&left);
                thread::spawn(move || {
                    // A client that goes away is what some tests are about.
                    let _ = converse(stream.unwrap(), connection, &requests, &answers);
                    *left.lock().unwrap() += 1;
                });
            }
        });
        server
    }

    pub fn requests(&self) -> Vec<Received> {
        self.requests.lock().unwrap().clone()
    }

    /// How many connections are over.
    pub fn left(&self) -> usize {
        *self.left.lock().unwrap()
    }
}

fn converse(
    stream: TcpStream,
    connection: usize,
    requests: &Mutex<Vec<Received>>,
    answers: &Mutex<VecDeque<Answer>>,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    while let Some(mut received) = receive(&mut reader)? {
        received.connection = connection;
        requests.lock().unwrap().push(received);
        let answer = answers.lock().unwrap().pop_front();
        match answer {
            None => return Ok(()),
            Some(Answer::Pieces(pieces)) => {
                for piece in pieces {
                    writer.write_all(&piece)?;
                    writer.flush()?;
                    thread::yield_now();
                }
            }
            Some(Answer::Broken(bytes)) => return writer.write_all(&bytes),
            Some(Answer::Silent(bytes)) => {
                writer.write_all(&bytes)?;
                let mut rest = Vec::new();
                reader.read_to_end(&mut rest)?;
                return Ok(());
            }
        }
    }
    Ok(())
}

fn receive(reader: &mut BufReader<TcpStream>) -> std::io::Result<Option<Received>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut parts = line.split_whitespace();
    let mut received = Received {
        method: parts.next().unwrap_or_default().to_owned(),
        target: parts.next().unwrap_or_default().to_owned(),
        ..Received::default()
    };
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        let pair = (name.to_ascii_lowercase(), value.trim().to_owned());
        received.headers.push(pair);
    }
    if let Some(length) = received.header("content-length") {
        received.body = vec![0; length.parse().unwrap()];
        reader.read_exact(&mut received.body)?;
    } else if received.header("transfer-encoding").is_some() {
        loop {
            let mut size = String::new();
            reader.read_line(&mut size)?;
            let mut chunk = vec![0; usize::from_str_radix(size.trim(), 16).unwrap() + 2];
            reader.read_exact(&mut chunk)?;
            if chunk.len() == 2 {
                break;
            }
            received.body.extend_from_slice(&chunk[..chunk.len() - 2]);
        }
    }
    Ok(Some(received))
}

/// An answer that says how long it is.
pub fn answer(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    Answer::Pieces(vec![response(status, headers, body)])
}

/// An answer of JSON.
pub fn json(status: &str, body: &str) -> Answer {
    let headers = [("content-type", "application/json")];
    answer(status, &headers, body.as_bytes())
}

/// The bytes of an answer that says how long it is.
pub fn response(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let length = body.len().to_string();
    let mut all = headers.to_vec();
    all.push(("content-length", &length));
    let mut bytes = head(status, &all);
    bytes.extend_from_slice(body);
    bytes
}

/// The start of an answer.
pub fn head(status: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status}\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.into_bytes()
}

/// The start of an event stream.
pub fn stream_head() -> Vec<u8> {
    head(
        "200 OK",
        &[
            ("content-type", "text/event-stream"),
            ("transfer-encoding", "chunked"),
        ],
    )
}

/// A chunk; an empty one ends the answer.
pub fn chunk(bytes: &[u8]) -> Vec<u8> {
    let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
    chunk.extend_from_slice(bytes);
    chunk.extend_from_slice(b"\r\n");
    chunk
}

/// An event stream, each piece a chunk.
pub fn stream(pieces: &[&[u8]]) -> Answer {
    let mut all = vec![stream_head()];
    all.extend(pieces.iter().map(|piece| chunk(piece)));
    all.push(chunk(b""));
    Answer::Pieces(all)
}
