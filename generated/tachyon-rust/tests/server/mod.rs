//! A server on this machine that answers as it is told to, and says what it was asked.
#![allow(dead_code)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{channel, Receiver};
use std::thread;

use serde::Serialize;
use serde_json::{from_str, to_string, Value};

/// A request.
#[derive(Debug, Default, PartialEq)]
pub struct Received {
    /// Its method and target.
    pub line: String,
    /// Its headers, their names in lower case.
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

pub struct Server {
    pub url: String,
    requests: Receiver<Received>,
}

impl Server {
    /// Gives each request, on a connection of its own, the next of the answers.
    pub fn new(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, requests) = channel();
        thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                sender.send(receive(&stream).unwrap()).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        Self { url, requests }
    }

    /// The next request, for which it waits.
    pub fn received(&self) -> Received {
        self.requests.recv().unwrap()
    }
}

fn receive(stream: &TcpStream) -> Result<Received> {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut received = Received::default();
    for line in lines {
        match line.split_once(": ") {
            Some((name, value)) => {
                let name = name.to_ascii_lowercase();
                received.headers.insert(name, value.to_owned());
            }
            None => received.line = line.trim_end_matches(" HTTP/1.1").to_owned(),
        }
    }
    let length = received.header("content-length").unwrap_or("0").parse();
    let mut body = vec![0; length.unwrap()];
    reader.read_exact(&mut body)?;
    received.body = String::from_utf8(body).unwrap();
    Ok(received)
}

/// An answer.
pub fn answer(status: &str, media_type: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: {media_type}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

/// The answer of a server that has no time.
pub fn busy() -> String {
    let head = "HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nRetry-After: 0";
    format!("{head}\r\nContent-Length: 0\r\n\r\n")
}

/// An event stream.
pub fn events(data: &[&str]) -> String {
    data.iter()
        .map(|each| format!("data: {}\n\n", each.replace('\n', "\ndata: ")))
        .collect()
}

/// What a text says.
pub fn json(text: &str) -> Value {
    from_str(text).unwrap()
}

/// What is written of a value.
pub fn written<T: Serialize>(value: &T) -> Value {
    json(&to_string(value).unwrap())
}
