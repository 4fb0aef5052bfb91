//! Control messages → the ends at which another conversation will speak a protocol that its ports do not tell.

use std::collections::VecDeque;

use crate::protocol::{self, Address, App, Peek};

/// Ends that are waited for; the oldest one gives way.
pub const MAX_ANNOUNCED: usize = 64;

/// An end, as conversations know it, and what will be spoken there.
type Expected = ((Address, Option<u16>), App);

#[derive(Default)]
pub(super) struct Announced {
    expected: VecDeque<Expected>,
}

impl Announced {
    /// Listens to a control conversation's message: who sends it will speak at the port that it names.
    pub fn hear(&mut self, app: App, peek: &Peek, bytes: &[u8]) {
        let (from, to) = peek.payload;
        let payload = bytes.get(from as usize..to as usize).unwrap_or_default();
        let Some(ports) = peek.ports else { return };
        if let Some((port, app)) = protocol::announces(app, ports, payload) {
            self.expected.push_back(((peek.source, Some(port)), app));
            if self.expected.len() > MAX_ANNOUNCED {
                self.expected.pop_front();
            }
        }
    }

    /// What was announced for this end; a new conversation there takes it.
    pub fn take(&mut self, end: (Address, Option<u16>)) -> Option<App> {
        let place = self.expected.iter().position(|(expected, _)| *expected == end)?;
        self.expected.remove(place).map(|(_, app)| app)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::LinkType;
    use crate::protocol::{over_tcp, peek};

    const SERVER: [u8; 4] = [192, 0, 2, 21];

    /// Hears an answer of an FTP server.
    fn hear(announced: &mut Announced, line: &str) {
        let mut frame = Vec::new();
        let builder = etherparse::PacketBuilder::ipv4(SERVER, [192, 0, 2, 1], 64).tcp(21, 40_000, 1, 1_000);
        builder.write(&mut frame, line.as_bytes()).unwrap();
        let control = over_tcp((21, 40_000), line.as_bytes()).unwrap();
        announced.hear(control, &peek(LinkType::RAW, &frame, frame.len() as u32), &frame);
    }

    fn spoken(announced: &mut Announced, port: u16) -> Option<&'static str> {
        announced.take((Address::V4(SERVER), Some(port))).map(App::name)
    }

    #[test]
    fn a_port_is_heard_in_every_form_and_taken_once() {
        for line in [
            "227 Entering Passive Mode (192,0,2,21,200,10).\r\n",
            "229 Entering (|||51210|)\r\n",
            "PORT 192,0,2,21,200,10\r\n",
            "EPRT |1|192.0.2.21|51210|\r\n",
        ] {
            let mut announced = Announced::default();
            hear(&mut announced, line);
            assert_eq!(spoken(&mut announced, 51_211), None, "{line}");
            assert_eq!(spoken(&mut announced, 51_210), Some("FTP-DATA"), "{line}");
            assert_eq!(spoken(&mut announced, 51_210), None, "{line}");
        }
        let mut announced = Announced::default();
        for line in ["227 (1,2,3,4,5)", "227", "229 (|||99999|)", "PORT a,b", "EPRT ||||", "230 Login successful (1,2)"]
        {
            hear(&mut announced, line);
        }
        assert!(announced.expected.iter().all(|((_, port), _)| *port != Some(51_210)), "{:?}", announced.expected);
    }

    #[test]
    fn the_oldest_announcement_gives_way_beyond_the_limit() {
        let mut announced = Announced::default();
        for port in 0..=MAX_ANNOUNCED {
            hear(&mut announced, &format!("229 Entering (|||{}|)\r\n", 50_000 + port));
        }
        assert_eq!(announced.expected.len(), MAX_ANNOUNCED);
        assert_eq!((spoken(&mut announced, 50_000), spoken(&mut announced, 50_001)), (None, Some("FTP-DATA")));
    }
}
